package dev.aidp.cli.tui;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/// The terminal while the table has it: raw, on the alternate screen, without a cursor. Whatever
/// happens it is given back as it was: by [#close], or when the process is told to end.
final class TerminalSession implements AutoCloseable {
  /// Ends synchronized output, leaves the alternate screen, shows the cursor, resets the style.
  private static final String GIVE_BACK =
      "\033[?2026l\033[?1000l\033[?1006l\033[?1049l\033[?25h\033[0m";

  private static final String MOUSE_ON = "\033[?1000h\033[?1006h";
  private static final String MOUSE_OFF = "\033[?1000l\033[?1006l";

  /// What terminals take at once.
  private static final int LONGEST_CLIP = 70_000;

  private static final long SHUTDOWN_MILLIS = 500;

  private final Terminal terminal;
  private final Attributes original;
  private final Display display;

  /// Against the shutdown hook, which must not write into the middle of a frame.
  private final ReentrantLock drawing = new ReentrantLock();

  private @Nullable Thread hook;
  private List<AttributedString> shown = List.of();
  private boolean taken;
  private boolean mouse;

  private TerminalSession(Terminal terminal) {
    this.terminal = terminal;
    original = terminal.getAttributes();
    display = new Display(terminal, true);
  }

  /// Takes the terminal of standard input and output.
  ///
  /// @throws AidpException (usage) if it can't show a table
  static TerminalSession open() {
    Terminal terminal;
    try {
      terminal = TerminalBuilder.builder().system(true).providers("ffm,exec").dumb(false).build();
    } catch (IOException | IllegalStateException e) {
      throw unfit("the terminal can't be used: " + e.getMessage(), e);
    }
    try {
      TerminalSession session = on(terminal);
      session.restoreAtShutdown();
      return session;
    } catch (RuntimeException e) {
      closeQuietly(terminal);
      throw e;
    }
  }

  /// Takes a terminal that is open; closes it in the end.
  static TerminalSession on(Terminal terminal) {
    if (terminal.getStringCapability(Capability.cursor_address) == null) {
      throw unfit("a terminal of type " + terminal.getType() + " can't show the live table", null);
    }
    TerminalSession session = new TerminalSession(terminal);
    session.take();
    return session;
  }

  private static AidpException unfit(String message, @Nullable Throwable cause) {
    return new AidpException(ErrorCategory.USAGE, message, "aidp jobs list", cause);
  }

  private void restoreAtShutdown() {
    Thread thread = new Thread(this::restoreNow, "aidp-table-restore");
    hook = thread;
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /// JLine's own hook restores the modes and may have closed the terminal already, so this writes
  /// past it. Takes no longer than a moment: the terminal may hang.
  private void restoreNow() {
    boolean locked = false;
    try {
      locked = drawing.tryLock(SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
      if (taken) {
        taken = false;
        new FileOutputStream(FileDescriptor.out)
            .write(GIVE_BACK.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The terminal is gone: nothing is left to be restored.
      taken = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (locked) {
        drawing.unlock();
      }
    }
  }

  private void take() {
    drawing.lock();
    try {
      terminal.enterRawMode();
      // Ctrl-Z is a key here: stopping must give the terminal back first.
      Attributes keys = terminal.getAttributes();
      keys.setControlChar(Attributes.ControlChar.VSUSP, 0);
      terminal.setAttributes(keys);
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      taken = true;
      if (mouse) {
        terminal.writer().write(MOUSE_ON);
      }
      display.clear();
      shown = List.of();
    } finally {
      drawing.unlock();
    }
  }

  private void giveBack() {
    drawing.lock();
    try {
      if (taken) {
        taken = false;
        if (mouse) {
          terminal.writer().write(MOUSE_OFF);
        }
        terminal.puts(Capability.exit_ca_mode);
        terminal.puts(Capability.cursor_normal);
        terminal.flush();
        terminal.setAttributes(original);
      }
    } finally {
      drawing.unlock();
    }
  }

  void onSignal(Signal signal, Runnable handler) {
    terminal.handle(signal, _ -> handler.run());
  }

  NonBlockingReader reader() {
    return terminal.reader();
  }

  Size size() {
    org.jline.terminal.Size size = terminal.getSize();
    return new Size(Math.max(1, size.getColumns()), Math.max(1, size.getRows()));
  }

  /// Writes what differs from the frame before; nothing if nothing does.
  void draw(List<AttributedString> frame, Size size) {
    drawing.lock();
    try {
      if (!taken || frame.equals(shown)) {
        return;
      }
      if (display.getRows() != size.height() || display.getColumns() != size.width()) {
        display.resize(org.jline.terminal.Size.of(size.width(), size.height()));
        // What a terminal makes of its alternate screen when resized is its own affair.
        display.clear();
        shown = List.of();
      }
      boolean wide =
          Stream.concat(shown.stream(), frame.stream()).anyMatch(TerminalSession::isWide);
      // Scrolled rows are then changed in place too.
      display.setScrollOptimization(!wide);
      List<AttributedString> blanked = wide ? withoutChangedWideRows(shown, frame) : frame;
      if (!blanked.equals(frame)) {
        display.update(blanked, 0, false);
      }
      display.update(frame, 0);
      shown = frame;
    } finally {
      drawing.unlock();
    }
  }

  /// JLine 4.5 changes a row in place as if each char were one column: with wide characters it
  /// leaves old text standing, and it halves surrogate pairs (a random test found both). So rows
  /// with such characters are blanked and written whole.
  private static List<AttributedString> withoutChangedWideRows(
      List<AttributedString> before, List<AttributedString> after) {
    List<AttributedString> rows = new ArrayList<>(after);
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      boolean wide = isWide(before.get(i)) || isWide(after.get(i));
      if (wide && !before.get(i).equals(after.get(i))) {
        rows.set(i, AttributedString.EMPTY);
      }
    }
    return rows;
  }

  private static boolean isWide(AttributedString row) {
    return row.chars().anyMatch(c -> Character.isSurrogate((char) c) || CellText.width(c) != 1);
  }

  /// The next frame is drawn as if nothing were on the screen.
  void forget() {
    display.clear();
    shown = List.of();
  }

  /// Gives a text to the clipboard of the terminal, wherever that is: OSC 52.
  void copy(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] some = bytes.length > LONGEST_CLIP ? Arrays.copyOf(bytes, LONGEST_CLIP) : bytes;
    write("\033]52;c;" + Base64.getEncoder().encodeToString(some) + "\007");
  }

  /// Rings, and lets the terminal tell the user why, if it can: OSC 9.
  ///
  /// @param text without control characters
  void announce(String text) {
    write("\033]9;" + text + "\007\007");
  }

  /// Whether clicks and the wheel come as keys.
  void mouse(boolean on) {
    mouse = on;
    write(on ? MOUSE_ON : MOUSE_OFF);
  }

  private void write(String sequence) {
    drawing.lock();
    try {
      if (taken) {
        terminal.writer().write(sequence);
        terminal.flush();
      }
    } finally {
      drawing.unlock();
    }
  }

  /// Stops this process as Ctrl-Z does; returns when the shell continues it.
  void suspend() throws InterruptedException {
    giveBack();
    terminal.handle(Signal.TSTP, Terminal.SignalHandler.SIG_DFL);
    try {
      // The whole group: a launcher that waits for this process must stop too.
      new ProcessBuilder("sh", "-c", "kill -TSTP 0").inheritIO().start().waitFor();
    } catch (IOException e) {
      // Without a shell there is no job control either: go on.
      terminal.flush();
    } finally {
      take();
    }
  }

  /// Gives the terminal to another program until that ends. Ctrl-C is that program's meanwhile.
  void lendTo(Runnable program) {
    Terminal.SignalHandler before = terminal.handle(Signal.INT, _ -> {});
    giveBack();
    try {
      program.run();
    } finally {
      take();
      terminal.handle(Signal.INT, before);
    }
  }

  /// Gives the terminal back and prints a line on it.
  void farewell(String line) {
    giveBack();
    terminal.writer().println(line);
    terminal.flush();
  }

  @Override
  public void close() {
    giveBack();
    closeQuietly(terminal);
    Thread thread = hook;
    hook = null;
    if (thread != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(thread);
      } catch (IllegalStateException e) {
        // The process ends already: the hook runs, and finds nothing to do.
        return;
      }
    }
  }

  private static void closeQuietly(Terminal terminal) {
    try {
      terminal.close();
    } catch (IOException e) {
      // It is as restored as it can be.
      terminal.flush();
    }
  }
}
