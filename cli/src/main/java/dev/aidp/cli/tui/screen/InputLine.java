package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import java.util.List;

/// Draws a line that is being typed, with what it could become behind it.
final class InputLine {
  private InputLine() {}

  static void draw(Canvas canvas, Rect row, Ui.Overlay.Input input, Ui ui, Theme theme) {
    LineInput line = input.line();
    String before = CellText.clean(line.text().substring(0, line.cursor()));
    String after = CellText.clean(line.text().substring(line.cursor())) + " ";
    int column = canvas.text(row, input.prompt().sign(), theme.key());
    int room = Math.max(2, row.right() - column);
    before = fittingEnd(before, room - 1);
    column = canvas.text(row.top(), column, row.right(), before, theme.plain());
    int cursor = after.offsetByCodePoints(0, 1);
    column =
        canvas.text(row.top(), column, row.right(), after.substring(0, cursor), theme.selected());
    column = canvas.text(row.top(), column, row.right(), after.substring(cursor), theme.plain());
    List<String> completions = InputKeys.completions(input, ui);
    canvas.text(
        row.top(),
        column + 1,
        row.right(),
        theme.cut(String.join(" ", completions), Math.max(0, row.right() - column - 1)),
        theme.dim());
  }

  private static String fittingEnd(String text, int cells) {
    int from = 0;
    while (CellText.width(text.substring(from)) > cells) {
      from = text.offsetByCodePoints(from, 1);
    }
    return text.substring(from);
  }
}
