package dev.aidp.cli.tui.draw;

import java.util.List;

/// Lines that are scrolled through.
public final class TextPane {
  private TextPane() {}

  /// The nearest line that can be the first one shown: the last page is a full one.
  public static int clampTop(int top, int lines, int height) {
    return Math.clamp(top, 0, Math.max(0, lines - height));
  }

  public static void draw(Canvas canvas, Rect place, List<Line> lines, int top) {
    for (int i = 0; i < place.height() && top + i < lines.size(); i++) {
      lines.get(top + i).draw(canvas, place.row(i));
    }
  }
}
