package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Box;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import java.util.List;
import org.jline.utils.AttributedString;

/// A frame of a state. Pure: equal states give equal frames.
public final class Render {
  private Render() {}

  /// @return a line for each row of the terminal
  public static List<AttributedString> frame(Ui ui, Size size, Theme theme) {
    Canvas canvas = new Canvas(size, theme.ascii());
    if (size.tooSmall()) {
      canvas.text(Rect.of(size), "terminal too small", theme.plain());
      return canvas.lines();
    }
    switch (ui.top()) {
      case JobList list -> JobListView.draw(canvas, ui, list, theme);
      case JobDetail detail -> JobDetailView.draw(canvas, ui, detail, theme);
    }
    if (ui.isDown()) {
      // The last picture stays, dimmed, between header and status line.
      canvas.restyle(new Rect(0, 1, size.width(), size.height() - (size.height() >= 6 ? 3 : 2)), theme.dim());
    }
    if (ui.overlay() instanceof Ui.Overlay.Help) {
      help(canvas, ui.top().bindings().all(), theme);
    }
    return canvas.lines();
  }

  private static void help(Canvas canvas, List<Binding<Action>> bindings, Theme theme) {
    int keys = 0;
    int labels = 0;
    for (Binding<Action> binding : bindings) {
      keys = Math.max(keys, CellText.width(binding.keysShown(theme.ascii())));
      labels = Math.max(labels, CellText.width(binding.label()));
    }
    Size size = canvas.size();
    Rect all = Rect.of(size);
    // Two columns where one would be too high.
    int columns = bindings.size() + 2 > size.height() && size.width() >= 2 * (keys + 20) ? 2 : 1;
    int rows = (bindings.size() + columns - 1) / columns;
    Rect inside =
        Box.draw(canvas, all.middle(columns * (keys + labels + 4) + 4, rows + 2), "Keys", theme);
    int width = inside.width() / columns;
    for (int i = 0; i < bindings.size(); i++) {
      Rect cell =
          new Rect(
              inside.left() + i / rows * width,
              inside.top() + i % rows,
              width,
              i % rows < inside.height() ? 1 : 0);
      canvas.text(cell, bindings.get(i).keysShown(theme.ascii()), theme.key());
      Rect label = new Rect(cell.left() + keys + 2, cell.top(), cell.width() - keys - 3, cell.height());
      canvas.text(label, theme.cut(bindings.get(i).label(), label.width()), theme.plain());
    }
  }
}
