package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.ReadLogStarts;
import dev.aidp.db.read.ReadLogStarts.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A log entry, its message fit for a terminal.
///
/// @param message its lines, at least one
/// @param call null unless it is shown as a tool call
public record LogLine(
    long seq,
    Instant timestamp,
    LogLevel level,
    LogCategory category,
    List<String> message,
    @Nullable Call call) {
  /// Of what a tool gave back; the rest is in the log.
  private static final int OUTPUT_LINES = 3;

  public LogLine {
    message = List.copyOf(message);
  }

  /// How a tool call ended; what it was given and gave back is the message.
  ///
  /// @param duration such as `2m14s`
  public record Call(boolean failed, String duration) {}

  public static LogLine of(Start entry) {
    ReadLogStarts.Call call = entry.call();
    return new LogLine(
        entry.seq(),
        entry.timestamp(),
        entry.level(),
        entry.category(),
        call == null ? message(entry) : message(call),
        call == null
            ? null
            : new Call(!call.status().equals("ok"), Durations.format(call.duration())));
  }

  private static List<String> message(Start entry) {
    List<String> lines = CellText.cleanLines(entry.message());
    long missing = entry.length() - entry.message().codePointCount(0, entry.message().length());
    if (missing > 0) {
      lines.add("(%,d more characters)".formatted(missing));
    }
    return lines.isEmpty() ? List.of("") : lines;
  }

  private static List<String> message(ReadLogStarts.Call call) {
    List<String> lines =
        new ArrayList<>(
            CellText.cleanLines(
                call.input().isEmpty() ? call.tool() : call.tool() + ": " + call.input()));
    List<String> output = CellText.cleanLines(call.output());
    output.stream().limit(OUTPUT_LINES).forEach(line -> lines.add("  " + line));
    if (output.size() > OUTPUT_LINES
        || call.outputLength() > call.output().codePointCount(0, call.output().length())) {
      lines.add("  (%,d characters in all)".formatted(call.outputLength()));
    }
    return lines;
  }
}
