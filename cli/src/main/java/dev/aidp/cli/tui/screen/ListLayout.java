package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;

/// How the job list uses a terminal: what there is no room for goes.
///
/// @param rows where the rows are
/// @param capacity how many jobs that is
record ListLayout(
    Size size, boolean counts, boolean titles, boolean hints, Rect rows, int capacity) {
  static ListLayout of(Size size) {
    boolean counts = size.height() >= 8;
    boolean titles = size.height() >= 7;
    boolean hints = size.height() >= 6;
    int top = 1 + (counts ? 1 : 0) + (titles ? 1 : 0);
    int bottom = 1 + (hints ? 1 : 0);
    Rect rows = new Rect(0, top, size.width(), size.height() - top - bottom);
    int capacity = rows.height() - (size.width() < 80 ? 1 : 0);
    return new ListLayout(size, counts, titles, hints, rows, Math.max(1, capacity));
  }

  boolean errorColumn() {
    return size.width() >= 80;
  }

  boolean providerColumn() {
    return size.width() >= 60;
  }

  /// Else only its mark.
  boolean statusWord() {
    return size.width() >= 40;
  }

  boolean nameColumn() {
    return size.width() >= 100;
  }
}
