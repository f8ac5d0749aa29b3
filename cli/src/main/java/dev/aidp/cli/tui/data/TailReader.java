package dev.aidp.cli.tui.data;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.LogEntry;
import dev.aidp.db.read.ReadLogs;
import dev.aidp.db.read.ReadLogs.ExecutionRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads the part of a log that is wanted, and of a tail only what was added. For one thread.
final class TailReader {
  private static final int PAGE = 400;
  private static final int MOST_KEPT = 1_000;

  private long executionId;
  private LogWindow window = LogWindow.NONE;

  LogWindow read(Connection open, List<Execution> executions, Want.Logs want) throws SQLException {
    if (executions.isEmpty()) {
      forget();
      return LogWindow.NONE;
    }
    Execution latest = executions.getLast();
    if (latest.id() != executionId) {
      forget();
      executionId = latest.id();
    }
    ExecutionRef ref = new ExecutionRef(latest.jobId(), latest.id(), latest.attempt());
    window =
        switch (want) {
          case Want.Logs.Tail _ -> tail(open, ref);
          case Want.Logs.Around(long seq) -> around(open, ref, seq);
        };
    return window;
  }

  void forget() {
    executionId = 0;
    window = LogWindow.NONE;
  }

  private LogWindow tail(Connection open, ExecutionRef ref) throws SQLException {
    if (window.lines().isEmpty() || !window.toEnd()) {
      return lastPage(open, ref, -1);
    }
    long last = window.lines().getLast().seq();
    List<LogEntry> added = ReadLogs.after(open, ref, last, PAGE);
    if (added.size() == PAGE) {
      return lastPage(open, ref, last);
    }
    if (added.isEmpty()) {
      return new LogWindow(ref.attempt(), window.lines(), true, 0);
    }
    List<LogLine> lines = new ArrayList<>(window.lines());
    added.forEach(entry -> lines.add(LogLine.of(entry)));
    int from = Math.max(0, lines.size() - MOST_KEPT);
    return new LogWindow(ref.attempt(), lines.subList(from, lines.size()), true, 0);
  }

  private static LogWindow lastPage(Connection open, ExecutionRef ref, long known)
      throws SQLException {
    List<LogLine> lines = lines(ReadLogs.before(open, ref, Long.MAX_VALUE, PAGE));
    long skipped = known < 0 || lines.isEmpty() ? 0 : lines.getFirst().seq() - known - 1;
    return new LogWindow(ref.attempt(), lines, true, Math.max(0, skipped));
  }

  private LogWindow around(Connection open, ExecutionRef ref, long seq) throws SQLException {
    List<LogLine> lines = new ArrayList<>(lines(ReadLogs.before(open, ref, seq, PAGE)));
    List<LogEntry> after = ReadLogs.after(open, ref, seq - 1, PAGE);
    lines.addAll(lines(after));
    return new LogWindow(ref.attempt(), lines, after.size() < PAGE, 0);
  }

  private static List<LogLine> lines(List<LogEntry> entries) {
    return entries.stream().map(LogLine::of).toList();
  }
}
