package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.time.Instant;
import java.util.List;

/// A log entry, its message fit for a terminal.
///
/// @param message its lines, at least one
public record LogLine(
    long seq, Instant timestamp, LogLevel level, LogCategory category, List<String> message) {
  private static final int LONGEST = 8_000;

  public LogLine {
    message = List.copyOf(message);
  }

  public static LogLine of(LogEntry entry) {
    String text = entry.message();
    List<String> lines;
    if (text.length() <= LONGEST) {
      lines = CellText.cleanLines(text);
    } else {
      lines = CellText.cleanLines(text.substring(0, LONGEST));
      lines.add("(%,d more characters)".formatted(text.length() - LONGEST));
    }
    return new LogLine(
        entry.seq(),
        entry.timestamp(),
        entry.level(),
        entry.category(),
        lines.isEmpty() ? List.of("") : lines);
  }
}
