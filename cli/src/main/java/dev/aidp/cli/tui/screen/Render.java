package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import java.util.List;
import org.jline.utils.AttributedString;

/// A frame of a state. Pure: equal states give equal frames.
public final class Render {
  private Render() {}

  /// @return a line for each row of the terminal
  public static List<AttributedString> frame(Ui ui, Size size, Theme theme) {
    Canvas canvas = new Canvas(size, theme.ascii());
    if (size.tooSmall()) {
      List<String> words = CellText.wrap("terminal too small", Math.max(1, size.width() - 1));
      for (int i = 0; i < words.size(); i++) {
        canvas.text(Rect.of(size).row(i), words.get(i), theme.plain());
      }
      return canvas.lines();
    }
    switch (ui.top()) {
      case JobList list -> JobListView.draw(canvas, ui, list, theme);
      case JobDetail detail -> JobDetailView.draw(canvas, ui, detail, theme);
      case RowsScreen rows -> RowsView.draw(canvas, ui, rows, theme);
    }
    if (ui.isDown()) {
      // The last picture stays, dimmed, between header and status line.
      canvas.restyle(
          new Rect(0, 1, size.width(), size.height() - (size.height() >= 6 ? 3 : 2)), theme.dim());
    }
    if (ui.overlay() instanceof Ui.Overlay.Help(int scroll)) {
      HelpBox.draw(canvas, ui.top().bindings(), scroll, theme);
    }
    return canvas.lines();
  }
}
