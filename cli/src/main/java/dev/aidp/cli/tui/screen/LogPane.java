package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.LogCategory;
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

  static LogPane of(LogWindow window, boolean toolsOnly, boolean wrap, int width, Theme theme) {
    List<Row> rows = new ArrayList<>();
    for (LogLine entry : window.lines()) {
      if (!toolsOnly || entry.category() == LogCategory.TOOL) {
        add(rows, entry, wrap, width, theme);
      }
    }
    return new LogPane(rows);
  }

  private static void add(List<Row> rows, LogLine entry, boolean wrap, int width, Theme theme) {
    List<Span> prefix = prefix(entry, width, theme);
    int indent = prefix.stream().mapToInt(span -> CellText.width(span.text())).sum();
    int room = Math.max(10, width - indent);
    AttributedStyle style = entry.level() == LogLevel.DEBUG ? theme.dim() : theme.plain();
    int number = 0;
    for (String line : entry.message()) {
      List<String> pieces = wrap ? CellText.wrap(line, room) : List.of(theme.cut(line, room));
      for (String piece : pieces) {
        List<Span> spans =
            new ArrayList<>(
                number == 0 ? prefix : List.of(new Span(" ".repeat(indent), theme.plain())));
        spans.add(new Span(piece, style));
        rows.add(new Row(entry.seq(), number++, new Line(spans)));
      }
    }
  }

  private static List<Span> prefix(LogLine entry, int width, Theme theme) {
    AttributedStyle level =
        switch (entry.level()) {
          case ERROR -> theme.error();
          case WARN -> theme.warning();
          case INFO, DEBUG -> theme.dim();
        };
    String word = entry.level().word().toUpperCase(Locale.ROOT);
    if (width < WIDE) {
      return List.of(
          new Span(SECONDS.format(entry.timestamp()) + " ", theme.dim()),
          new Span(word.charAt(0) + " ", level));
    }
    return List.of(
        new Span(MILLIS.format(entry.timestamp()) + " ", theme.dim()),
        new Span("%-5s ".formatted(word), level),
        new Span("%-8s ".formatted(entry.category().word()), theme.dim()));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /// Index of the first visible line.
  int top(JobDetail.LogPosition position, int height) {
    if (position.follow()) {
      return TextPane.clampTop(Integer.MAX_VALUE, lines.size(), height);
    }
    int index = 0;
    while (index < lines.size() && isBefore(lines.get(index), position)) {
      index++;
    }
    return TextPane.clampTop(index, lines.size(), height);
  }

  private static boolean isBefore(Row row, JobDetail.LogPosition position) {
    return row.seq() < position.seq()
        || (row.seq() == position.seq() && row.line() < position.line());
  }
}
