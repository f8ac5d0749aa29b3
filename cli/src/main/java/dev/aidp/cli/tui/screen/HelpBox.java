package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Box;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import java.util.ArrayList;
import java.util.List;

/// The keys of a screen, over it.
final class HelpBox {
  private HelpBox() {}

  /// How many of them are visible at once.
  static int height(List<Binding<Action>> bindings, Size size) {
    return Math.min(bindings.size(), size.height() - 2);
  }

  /// Scrolled to a line, as far as there are some.
  static Ui.Overlay at(int scroll, Ui ui, Size size) {
    List<Binding<Action>> bindings = ui.top().bindings().all();
    return new Ui.Overlay.Help(TextPane.clampTop(scroll, bindings.size(), height(bindings, size)));
  }

  static void draw(Canvas canvas, List<Binding<Action>> bindings, int scroll, Theme theme) {
    int keys = 0;
    int labels = 0;
    for (Binding<Action> binding : bindings) {
      keys = Math.max(keys, CellText.width(binding.keysShown(theme.ascii())));
      labels = Math.max(labels, CellText.width(binding.label()));
    }
    int height = height(bindings, canvas.size());
    Rect place = Rect.of(canvas.size()).inset(1, 0).middle(keys + labels + 6, height + 2);
    String title = height < bindings.size() ? "Keys (more below)" : "Keys";
    int top = TextPane.clampTop(scroll, bindings.size(), height);
    boolean end = top + height == bindings.size();
    Rect inside = Box.draw(canvas, place, end ? "Keys" : title, theme);
    List<Line> lines = new ArrayList<>();
    for (Binding<Action> binding : bindings) {
      String shown = binding.keysShown(theme.ascii());
      String gap = " ".repeat(keys + 2 - CellText.width(shown));
      String label = theme.cut(binding.label(), Math.max(0, inside.width() - keys - 2));
      lines.add(Line.of(new Span(shown, theme.key()), new Span(gap + label, theme.plain())));
    }
    TextPane.draw(canvas, inside, lines, top);
  }
}
