package dev.aidp.cli.tui.draw;

/// A part of the screen, in cells from the top left corner; never negative in size.
public record Rect(int left, int top, int width, int height) {
  public Rect {
    width = Math.max(0, width);
    height = Math.max(0, height);
  }

  public static Rect of(Size size) {
    return new Rect(0, 0, size.width(), size.height());
  }

  public int right() {
    return left + width;
  }

  public int bottom() {
    return top + height;
  }

  /// One of its rows; without height if there is no such row.
  public Rect row(int index) {
    return new Rect(left, top + index, width, index >= 0 && index < height ? 1 : 0);
  }

  /// Without some rows and columns at its edges.
  public Rect inset(int columns, int rows) {
    return new Rect(left + columns, top + rows, width - 2 * columns, height - 2 * rows);
  }

  /// Without its first rows.
  public Rect below(int rows) {
    return new Rect(left, top + rows, width, height - rows);
  }

  /// A rectangle of at most this size in its middle.
  public Rect middle(int width, int height) {
    int w = Math.min(width, this.width);
    int h = Math.min(height, this.height);
    return new Rect(left + (this.width - w) / 2, top + (this.height - h) / 2, w, h);
  }
}
