package dev.aidp.cli.tui.data;

import java.util.List;

/// A part of an execution's log, or of its tool calls, without a gap.
///
/// @param attempt 0: the job never ran
/// @param lines in `seq` order
/// @param fromStart whether its first line is the log's first one
/// @param toEnd whether its last line is the log's last one so far
/// @param skipped how many entries were left out before it since the last answer, because they came
///   faster than they could be read
public record LogWindow(
    int attempt, List<LogLine> lines, boolean fromStart, boolean toEnd, long skipped) {
  public static final LogWindow NONE = new LogWindow(0, List.of(), true, true, 0);

  public LogWindow {
    lines = List.copyOf(lines);
  }
}
