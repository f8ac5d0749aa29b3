package dev.aidp.cli.tui.draw;

import java.util.List;
import org.jline.utils.AttributedStyle;

/// A line of text in one or more styles.
public record Line(List<Span> spans) {
  /// Text in one style.
  public record Span(String text, AttributedStyle style) {}

  public static final Line EMPTY = new Line(List.of());

  public Line {
    spans = List.copyOf(spans);
  }

  public static Line of(String text, AttributedStyle style) {
    return new Line(List.of(new Span(text, style)));
  }

  public static Line of(Span... spans) {
    return new Line(List.of(spans));
  }

  public int width() {
    return spans.stream().mapToInt(span -> CellText.width(span.text())).sum();
  }

  public void draw(Canvas canvas, Rect place) {
    int column = place.left();
    for (Span span : spans) {
      Rect rest = new Rect(column, place.top(), place.right() - column, place.height());
      column = canvas.text(rest, span.text(), span.style());
    }
  }
}
