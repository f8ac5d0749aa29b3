package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;

/// Draws a [RowsScreen].
final class RowsView {
  /// Row of the terminal that the first row of the list is on.
  static final int TOP = 2;

  private RowsView() {}

  static int height(Size size) {
    return Math.max(1, size.height() - TOP - (size.height() >= 6 ? 2 : 1));
  }

  static void draw(Canvas canvas, Ui ui, RowsScreen screen, Theme theme) {
    Rect all = Rect.of(canvas.size());
    Rect list = new Rect(0, TOP, all.width(), height(canvas.size()));
    RowsPicture picture = screen.picture(all.width() - 4, theme);
    Header.draw(canvas, ui, picture.crumb(), picture.words(), theme);
    picture.title().draw(canvas, text(all.row(1)));
    if (picture.rows().isEmpty()) {
      canvas.text(text(list), theme.cut(picture.empty(), all.width() - 4), theme.dim());
    }
    ListCursor cursor = screen.cursor().in(picture.rows().size(), list.height());
    for (int i = 0; i < list.height() && cursor.top() + i < picture.rows().size(); i++) {
      boolean selected = cursor.top() + i == cursor.selected();
      Rect row = list.row(i);
      picture.rows().get(cursor.top() + i).draw(canvas, text(row));
      if (selected) {
        canvas.restyle(row, theme.selected());
        canvas.text(row.inset(1, 0), theme.pointer(), theme.selected());
      }
    }
    Footer.status(canvas, ui, position(cursor, picture, list, theme), all.height() >= 6, theme);
  }

  /// Where the text of rows is: behind the pointer.
  private static Rect text(Rect rows) {
    return new Rect(rows.left() + 3, rows.top(), rows.width() - 4, rows.height());
  }

  private static String position(ListCursor cursor, RowsPicture picture, Rect list, Theme theme) {
    int count = picture.rows().size();
    int last = Math.min(count, cursor.top() + list.height());
    return count <= list.height()
        ? ""
        : "rows %d%s%d of %d".formatted(cursor.top() + 1, theme.range(), last, count);
  }

  /// A line over the rows.
  static Line title(String text, int width, Theme theme) {
    return Line.of(theme.cut(text, width), theme.title());
  }

  /// A line in one style, cut to a width.
  static Line line(String text, int width, Theme theme) {
    return Line.of(theme.cut(text, width), theme.plain());
  }
}
