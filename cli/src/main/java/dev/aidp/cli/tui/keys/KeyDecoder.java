package dev.aidp.cli.tui.keys;

import java.io.IOException;
import java.util.Optional;
import org.jline.utils.NonBlockingReader;

/// Reads key presses from a terminal.
///
/// Not JLine's `BindingReader`: that one hands on an escape sequence it does not know character by
/// character, so that Ctrl-→ would be Esc, then `[`, `1`, `;`, `5`, `C`, each of which does
/// something here. This one swallows it whole.
public final class KeyDecoder {
  /// Behind an Esc that begins a sequence the rest is there at once.
  private static final long ESCAPE_MILLIS = 40;

  private static final int LONGEST_SEQUENCE = 64;

  private final NonBlockingReader reader;

  public KeyDecoder(NonBlockingReader reader) {
    this.reader = reader;
  }

  /// @return empty if no key was pressed for so long
  /// @throws IOException also at the end of the input
  public Optional<Key> read(long timeoutMillis) throws IOException {
    int c = reader.read(timeoutMillis);
    if (c == NonBlockingReader.READ_EXPIRED) {
      return Optional.empty();
    }
    if (c < 0) {
      throw new java.io.EOFException("the terminal is gone");
    }
    return Optional.of(c == 0x1B ? escape() : plain((char) c));
  }

  private Key plain(char c) throws IOException {
    if (Character.isHighSurrogate(c)) {
      int low = reader.read(ESCAPE_MILLIS);
      return low >= 0 && Character.isLowSurrogate((char) low)
          ? new Key.Typed(Character.toCodePoint(c, (char) low))
          : Key.Named.OTHER;
    }
    return switch (c) {
      case '\r', '\n' -> Key.Named.ENTER;
      case '\t' -> Key.Named.TAB;
      case '\b', 0x7F -> Key.Named.BACKSPACE;
      case 0 -> Key.Named.OTHER;
      default -> c < 0x20 ? ctrl(c) : new Key.Typed(c);
    };
  }

  private static Key ctrl(char c) {
    char letter = (char) (c + 0x60);
    return letter <= 'z' ? new Key.Ctrl(letter) : Key.Named.OTHER;
  }

  private Key escape() throws IOException {
    int c = reader.read(ESCAPE_MILLIS);
    return switch (c) {
      case NonBlockingReader.READ_EXPIRED, NonBlockingReader.EOF -> Key.Named.ESCAPE;
      case '[' -> sequence();
      case 'O' -> named((char) Math.max(0, reader.read(ESCAPE_MILLIS)), "");
      case 0x1B -> Key.Named.ESCAPE;
      default -> Key.Named.OTHER;
    };
  }

  private Key sequence() throws IOException {
    StringBuilder parameters = new StringBuilder();
    while (parameters.length() < LONGEST_SEQUENCE) {
      int c = reader.read(ESCAPE_MILLIS);
      if (c < 0) {
        return Key.Named.OTHER;
      }
      if (c >= 0x40 && c <= 0x7E) {
        return named((char) c, parameters.toString());
      }
      parameters.append((char) c);
    }
    return Key.Named.OTHER;
  }

  /// Such as `<0;12;5` with `M` (pressed) or `m` (released); cells are counted from 1.
  private static Key mouse(String parameters, boolean pressed) {
    String[] numbers = parameters.substring(1).split(";", -1);
    try {
      if (numbers.length == 3) {
        int column = Integer.parseInt(numbers[1]) - 1;
        int row = Integer.parseInt(numbers[2]) - 1;
        return new Key.Mouse(button(Integer.parseInt(numbers[0]), pressed), column, row);
      }
    } catch (NumberFormatException e) {
      return Key.Named.OTHER;
    }
    return Key.Named.OTHER;
  }

  private static Key.Mouse.Button button(int code, boolean pressed) {
    if (!pressed) {
      return Key.Mouse.Button.OTHER;
    }
    return switch (code) {
      case 0 -> Key.Mouse.Button.LEFT;
      case 64 -> Key.Mouse.Button.WHEEL_UP;
      case 65 -> Key.Mouse.Button.WHEEL_DOWN;
      default -> Key.Mouse.Button.OTHER;
    };
  }

  private static Key named(char last, String parameters) {
    if (parameters.startsWith("<")) {
      return last == 'M' || last == 'm' ? mouse(parameters, last == 'M') : Key.Named.OTHER;
    }
    if (last == '~') {
      return switch (parameters) {
        case "1", "7" -> Key.Named.HOME;
        case "3" -> Key.Named.DELETE;
        case "4", "8" -> Key.Named.END;
        case "5" -> Key.Named.PAGE_UP;
        case "6" -> Key.Named.PAGE_DOWN;
        default -> Key.Named.OTHER;
      };
    }
    if (!parameters.isEmpty()) {
      return Key.Named.OTHER;
    }
    return switch (last) {
      case 'A' -> Key.Named.UP;
      case 'B' -> Key.Named.DOWN;
      case 'C' -> Key.Named.RIGHT;
      case 'D' -> Key.Named.LEFT;
      case 'H' -> Key.Named.HOME;
      case 'F' -> Key.Named.END;
      default -> Key.Named.OTHER;
    };
  }
}
