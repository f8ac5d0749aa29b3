package dev.aidp.cli.tui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.ScreenTerminal;

/// A terminal in memory, to be typed into and looked at. Safe for use by several threads.
final class VirtualScreen {
  private final ScreenTerminal.VirtualTerminal virtual;

  VirtualScreen(int width, int height) {
    try {
      virtual = ScreenTerminal.withTerminal("test", "xterm-256color", width, height);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LineDisciplineTerminal terminal() {
    return virtual.terminal();
  }

  void type(String keys) {
    try {
      virtual.terminal().processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void resize(int width, int height) {
    Size size = Size.of(width, height);
    virtual.screen().setSize(size);
    virtual.terminal().setSize(size);
    virtual.terminal().raise(Terminal.Signal.WINCH);
  }

  /// What it shows, a line per row, without trailing blanks.
  List<String> rows() {
    ScreenTerminal screen = virtual.screen();
    int width;
    long[] cells;
    synchronized (screen) {
      width = screen.getColumns();
      cells = new long[width * screen.getRows()];
      screen.dump(cells, new int[2]);
    }
    List<String> rows = new ArrayList<>();
    for (int from = 0; from < cells.length; from += width) {
      StringBuilder row = new StringBuilder();
      for (int i = from; i < from + width; i++) {
        int c = ScreenTerminal.cellCodePoint(cells[i]);
        if (c != 0) {
          row.appendCodePoint(c);
        }
      }
      rows.add(row.toString().stripTrailing());
    }
    return rows;
  }

  /// Waits until it shows something; looks again whenever it was written to.
  void await(Predicate<String> condition, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.test(toString())) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within " + limit + ":\n" + this);
        }
        virtual.screen().waitDirty(100);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return String.join("\n", rows());
  }
}
