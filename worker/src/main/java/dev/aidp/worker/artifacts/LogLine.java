package dev.aidp.worker.artifacts;

import dev.aidp.core.job.LogEntry;

/// A log entry as the line that it is in `logs.txt`, so that whoever prints one prints the same.
public final class LogLine {
  private LogLine() {}

  /// @return without an end of line, and without the node's name in its data
  public static String of(LogEntry entry) {
    RunLines lines = new RunLines(null);
    lines.entry(entry);
    return lines.text.substring(0, lines.text.length() - 1);
  }
}
