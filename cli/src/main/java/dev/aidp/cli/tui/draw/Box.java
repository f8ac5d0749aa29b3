package dev.aidp.cli.tui.draw;

/// A frame with a title that lies over what was drawn before. Its lines are heavy ones, since JLine
/// turns the light ones into the terminal's alternate character set.
public final class Box {
  private Box() {}

  /// @param foot at the bottom; may be empty
  /// @return its inside, blank
  public static Rect draw(Canvas canvas, Rect place, String title, String foot, Theme theme) {
    canvas.clear(place, theme.plain());
    String line = (theme.ascii() ? "-" : "━").repeat(Math.max(0, place.width() - 2));
    String side = theme.ascii() ? "|" : "┃";
    canvas.text(place.row(0), edge(theme, "┏", line, "┓"), theme.plain());
    canvas.text(place.row(place.height() - 1), edge(theme, "┗", line, "┛"), theme.plain());
    for (int i = 1; i < place.height() - 1; i++) {
      canvas.text(place.row(i), side, theme.plain());
      canvas.textRight(place.row(i), side, theme.plain());
    }
    canvas.text(place.row(0).inset(2, 0), " " + title + " ", theme.title());
    if (!foot.isEmpty()) {
      canvas.text(place.row(place.height() - 1).inset(2, 0), " " + foot + " ", theme.dim());
    }
    return place.inset(2, 1);
  }

  private static String edge(Theme theme, String left, String line, String right) {
    return theme.ascii() ? "+" + line + "+" : left + line + right;
  }
}
