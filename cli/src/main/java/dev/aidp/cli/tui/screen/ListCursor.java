package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.TextPane;

/// Where one is in a list that is loaded as a whole.
///
/// @param top index of the first visible row
/// @param selected index
record ListCursor(int top, int selected) {
  static final ListCursor START = new ListCursor(0, 0);

  /// The nearest place that a list of so many rows has.
  ListCursor in(int rows, int height) {
    int at = Math.clamp(selected, 0, Math.max(0, rows - 1));
    int first = Math.clamp(top, at - height + 1, at);
    return new ListCursor(TextPane.clampTop(first, rows, height), at);
  }

  ListCursor moved(Move move, int rows, int height) {
    int by = move.rows(Math.max(1, height - 1));
    return at(Math.clamp((long) selected + by, 0, Math.max(0, rows - 1))).in(rows, height);
  }

  ListCursor at(int index) {
    return new ListCursor(top, index);
  }
}
