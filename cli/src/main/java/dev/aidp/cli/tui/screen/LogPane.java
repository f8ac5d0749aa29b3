package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogLevel;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedStyle;

/// A part of a log, as lines of a given width.
record LogPane(List<Row> lines) {
  private static final DateTimeFormatter MILLIS = format("HH:mm:ss.SSS");
  private static final DateTimeFormatter SECONDS = format("HH:mm:ss");
  private static final int WIDE = 70;

  /// @param line number within the entry, from 0
  record Row(long seq, int line, Line text) {}

  static LogPane of(
      LogWindow window, LogPosition position, LogSearch search, int width, Theme theme) {
    Lines lines = new Lines(position, search, width, theme, new ArrayList<>());
    window.lines().forEach(lines::add);
    return new LogPane(lines.rows());
  }

  /// Makes lines of entries.
  private record Lines(
      LogPosition position, LogSearch search, int width, Theme theme, List<Row> rows) {
    void add(LogLine entry) {
      List<Span> prefix = prefix(entry);
      int indent = prefix.stream().mapToInt(span -> CellText.width(span.text())).sum();
      int room = Math.max(10, width - indent);
      AttributedStyle style = entry.level() == LogLevel.DEBUG ? theme.dim() : theme.plain();
      int number = 0;
      for (String line : entry.message()) {
        List<String> pieces =
            position.wrap() ? CellText.wrap(line, room) : List.of(theme.cut(line, room));
        for (String piece : pieces) {
          List<Span> spans =
              new ArrayList<>(
                  number == 0 ? prefix : List.of(new Span(" ".repeat(indent), theme.plain())));
          highlighted(piece, style, spans);
          rows.add(new Row(entry.seq(), number++, new Line(spans)));
        }
      }
    }

    private void highlighted(String piece, AttributedStyle style, List<Span> spans) {
      String text = search.text();
      int from = 0;
      for (int i = 0; !text.isEmpty() && i + text.length() <= piece.length(); i++) {
        if (piece.regionMatches(true, i, text, 0, text.length())) {
          spans.add(new Span(piece.substring(from, i), style));
          spans.add(new Span(piece.substring(i, i + text.length()), theme.selected()));
          from = i + text.length();
          i = from - 1;
        }
      }
      spans.add(new Span(piece.substring(from), style));
    }

    private List<Span> prefix(LogLine entry) {
      boolean wide = width >= WIDE;
      List<Span> spans = new ArrayList<>();
      if (position.times()) {
        DateTimeFormatter format = wide ? MILLIS : SECONDS;
        boolean current = entry.seq() == search.current();
        spans.add(
            new Span(format.format(entry.timestamp()), current ? theme.selected() : theme.dim()));
        spans.add(new Span(" ", theme.plain()));
      }
      LogLine.Call call = entry.call();
      if (call == null) {
        level(entry, wide, spans);
      } else {
        JobStatus status = call.failed() ? JobStatus.FAILED : JobStatus.COMPLETED;
        spans.add(new Span(theme.mark(status), theme.of(status)));
        spans.add(new Span("%7s  ".formatted(call.duration()), theme.dim()));
      }
      return spans;
    }

    private void level(LogLine entry, boolean wide, List<Span> spans) {
      AttributedStyle level =
          switch (entry.level()) {
            case ERROR -> theme.error();
            case WARN -> theme.warning();
            case INFO, DEBUG -> theme.dim();
          };
      String word = entry.level().word().toUpperCase(Locale.ROOT);
      if (wide) {
        spans.add(new Span("%-5s ".formatted(word), level));
        spans.add(new Span("%-8s ".formatted(entry.category().word()), theme.dim()));
      } else {
        spans.add(new Span(word.charAt(0) + " ", level));
      }
    }
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /// Index of the first visible line.
  int top(LogPosition position, int height) {
    if (position.follow()) {
      return TextPane.clampTop(Integer.MAX_VALUE, lines.size(), height);
    }
    int index = 0;
    while (index < lines.size() && isBefore(lines.get(index), position)) {
      index++;
    }
    return TextPane.clampTop(index, lines.size(), height);
  }

  private static boolean isBefore(Row row, LogPosition position) {
    return row.seq() < position.seq()
        || (row.seq() == position.seq() && row.line() < position.line());
  }

  /// The visible lines as text.
  String text(LogPosition position, int height) {
    int top = top(position, height);
    StringBuilder text = new StringBuilder();
    for (Row row : lines.subList(top, Math.min(lines.size(), top + height))) {
      row.text().spans().forEach(span -> text.append(span.text()));
      text.append('\n');
    }
    return text.toString();
  }
}
