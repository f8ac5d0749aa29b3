package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.text.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The first row: where one is, how the database answers, and a few words of the screen's own.
final class Header {
  private static final String GAP = "  ";

  private Header() {}

  /// @param words dropped from the right where there is no room
  static void draw(Canvas canvas, Ui ui, String crumb, List<Span> words, Theme theme) {
    Rect row = Rect.of(canvas.size()).row(0).inset(1, 0);
    Span database = database(ui, theme);
    // Whether the database answers is worth more than the whole of a long name.
    int room = Math.max(row.width() / 2, row.width() - CellText.width(database.text()) - 2);
    String where = theme.cut("aidp " + theme.crumb() + " " + crumb, room);
    int end = canvas.text(row, where, theme.title());
    List<Span> parts = new ArrayList<>();
    parts.add(database);
    parts.addAll(words);
    Line line = joined(parts, theme);
    while (parts.size() > 1 && end + 2 + line.width() > row.right()) {
      parts.removeLast();
      line = joined(parts, theme);
    }
    int width = Math.min(line.width(), row.right() - end - 1);
    line.draw(canvas, new Rect(row.right() - width, row.top(), width, 1));
  }

  private static Line joined(List<Span> parts, Theme theme) {
    List<Span> spans = new ArrayList<>();
    for (Span part : parts) {
      if (!spans.isEmpty()) {
        spans.add(new Span(GAP, theme.plain()));
      }
      spans.add(part);
    }
    return new Line(spans);
  }

  private static Span database(Ui ui, Theme theme) {
    if (ui.isDown()) {
      Duration silence = Duration.ofSeconds(Math.max(1, ui.link().silence(ui.now()).toSeconds()));
      return new Span(
          "db %s stale %s".formatted(theme.down(), Durations.format(silence)), theme.error());
    }
    // Only when it is bad, and in steps, or it would be another figure each second.
    String latency =
        ui.link().isSlow() ? " %d00ms".formatted(ui.link().steadyLatency().toMillis() / 100) : "";
    return new Span("db " + theme.up() + latency, theme.good());
  }
}
