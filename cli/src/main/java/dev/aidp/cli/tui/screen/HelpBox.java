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
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import java.util.ArrayList;
import java.util.List;

/// The keys of a screen, over it.
final class HelpBox {
  private HelpBox() {}

  private static int height(int lines, Size size) {
    return Math.min(lines, size.height() - 2);
  }

  /// Scrolled from a line, as far as there are some.
  static Ui.Overlay scrolled(int from, Move move, Ui ui, Size size) {
    int lines = entries(ui.top().bindings(), new Theme(false, false)).size();
    int height = height(lines, size);
    return new Ui.Overlay.Help(
        TextPane.clampTop(
            TextPane.clampTop(from, lines, height) + move.rows(height), lines, height));
  }

  /// Keys and commands, and what they do.
  private record Entry(String keys, String label) {}

  private static List<Entry> entries(Bindings<Action> bindings, Theme theme) {
    List<Entry> entries = new ArrayList<>();
    for (Binding<Action> binding : bindings.all()) {
      entries.add(new Entry(binding.keysShown(theme.ascii()), binding.label()));
    }
    for (Commands.Command command : Commands.all()) {
      String arguments =
          theme.ascii() ? command.arguments().replace("…", "...") : command.arguments();
      entries.add(new Entry(":" + command.name() + arguments, command.label()));
    }
    return entries;
  }

  static void draw(Canvas canvas, Bindings<Action> bindings, int scroll, Theme theme) {
    List<Entry> entries = entries(bindings, theme);
    int keys = 0;
    int labels = 0;
    for (Entry entry : entries) {
      keys = Math.max(keys, CellText.width(entry.keys()));
      labels = Math.max(labels, CellText.width(entry.label()));
    }
    int height = height(entries.size(), canvas.size());
    Rect place = Rect.of(canvas.size()).inset(1, 0).middle(keys + labels + 6, height + 2);
    int top = TextPane.clampTop(scroll, entries.size(), height);
    boolean end = top + height == entries.size();
    String foot = (end ? "" : Key.Named.DOWN.label(theme.ascii()) + " more  ") + "Esc closes";
    Rect inside = Box.draw(canvas, place, "Keys", foot, theme);
    List<Line> lines = new ArrayList<>();
    for (Entry entry : entries) {
      String gap = " ".repeat(keys + 2 - CellText.width(entry.keys()));
      String label = theme.cut(entry.label(), Math.max(0, inside.width() - keys - 2));
      lines.add(Line.of(new Span(entry.keys(), theme.key()), new Span(gap + label, theme.plain())));
    }
    TextPane.draw(canvas, inside, lines, top);
  }
}
