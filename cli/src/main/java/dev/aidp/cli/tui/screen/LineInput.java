package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.keys.Key;
import java.util.List;

/// A line that is being typed.
///
/// @param cursor index in the text, of the character that the cursor is on
/// @param recalled how many lines back in the history it is; 0: it is a new one
record LineInput(String text, int cursor, int recalled) {
  static final LineInput EMPTY = of("");

  private static final int LONGEST = 2_000;

  static LineInput of(String text) {
    return new LineInput(text, text.length(), 0);
  }

  /// The line after a key that edits; unchanged if it does not.
  LineInput edited(Key key) {
    return switch (key) {
      case Key.Typed(int codePoint) -> typed(codePoint);
      case Key.Named.BACKSPACE -> cut(before(cursor), cursor);
      case Key.Named.DELETE -> cut(cursor, after(cursor));
      case Key.Named.LEFT -> at(before(cursor));
      case Key.Named.RIGHT -> at(after(cursor));
      case Key.Named.HOME -> at(0);
      case Key.Named.END -> at(text.length());
      case Key.Ctrl(char letter) -> edited(letter);
      case Key.Named _, Key.Mouse _ -> this;
    };
  }

  private LineInput edited(char ctrl) {
    return switch (ctrl) {
      case 'a' -> at(0);
      case 'e' -> at(text.length());
      case 'u' -> cut(0, cursor);
      case 'k' -> cut(cursor, text.length());
      case 'w' -> cut(word(), cursor);
      default -> this;
    };
  }

  private LineInput typed(int codePoint) {
    if (text.length() >= LONGEST || Character.isISOControl(codePoint)) {
      return this;
    }
    String typed = Character.toString(codePoint);
    return new LineInput(
        text.substring(0, cursor) + typed + text.substring(cursor), cursor + typed.length(), 0);
  }

  private LineInput cut(int from, int to) {
    return new LineInput(text.substring(0, from) + text.substring(to), from, 0);
  }

  private LineInput at(int next) {
    return new LineInput(text, next, recalled);
  }

  private int before(int index) {
    return index == 0 ? 0 : text.offsetByCodePoints(index, -1);
  }

  private int after(int index) {
    return index == text.length() ? index : text.offsetByCodePoints(index, 1);
  }

  /// Where the word before the cursor begins.
  private int word() {
    int start = cursor;
    while (start > 0 && text.charAt(start - 1) == ' ') {
      start--;
    }
    while (start > 0 && text.charAt(start - 1) != ' ') {
      start--;
    }
    return start;
  }

  /// An earlier or a later line of the history, which has the latest one last.
  LineInput recall(List<String> history, int back) {
    int next = Math.clamp((long) recalled + back, 0, history.size());
    String line = next == 0 ? "" : history.get(history.size() - next);
    return new LineInput(line, line.length(), next);
  }

  /// The only completion of the word that ends at the cursor, or as far as all of them agree.
  LineInput completed(List<String> completions) {
    if (completions.isEmpty()) {
      return this;
    }
    String common = completions.getFirst();
    for (String completion : completions) {
      while (!completion.startsWith(common)) {
        common = common.substring(0, common.length() - 1);
      }
    }
    int start = word();
    if (start == cursor && start > 0) {
      return this;
    }
    String word = completions.size() == 1 && !common.endsWith(":") ? common + " " : common;
    return new LineInput(
        text.substring(0, start) + word + text.substring(cursor), start + word.length(), 0);
  }

  /// The word that ends at the cursor.
  String currentWord() {
    int start = cursor;
    while (start > 0 && text.charAt(start - 1) != ' ') {
      start--;
    }
    return text.substring(start, cursor);
  }
}
