package dev.aidp.cli.tui.data;

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
  private boolean toolsOnly;
  private LogWindow window = LogWindow.NONE;

  LogWindow read(Connection open, ExecutionRef ref, Want.Logs want) throws SQLException {
    begin(ref, false);
    window =
        switch (want) {
          case Want.Logs.Tail _ -> tail(open, ref);
          case Want.Logs.Around(long seq) -> around(open, ref, seq);
        };
    return window;
  }

  /// The same of the entries at these places only.
  LogWindow readTools(Connection open, ExecutionRef ref, Want.Logs want, LogHits tools)
      throws SQLException {
    begin(ref, true);
    int middle =
        switch (want) {
          case Want.Logs.Tail _ -> tools.count();
          case Want.Logs.Around(long seq) -> tools.after(seq - 1);
        };
    int from = Math.max(0, middle - PAGE);
    int to = Math.min(tools.count(), middle + PAGE);
    List<LogLine> lines = lines(ReadLogs.bySeqs(open, ref, tools.between(from, to)));
    window = new LogWindow(ref.attempt(), lines, from == 0, to == tools.count(), 0);
    return window;
  }

  private void begin(ExecutionRef ref, boolean tools) {
    if (ref.executionId() != executionId || tools != toolsOnly) {
      forget();
      executionId = ref.executionId();
      toolsOnly = tools;
    }
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
      return window(ref, window.lines(), true, 0);
    }
    List<LogLine> lines = new ArrayList<>(window.lines());
    added.forEach(entry -> lines.add(LogLine.of(entry)));
    int from = Math.max(0, lines.size() - MOST_KEPT);
    return window(ref, lines.subList(from, lines.size()), true, 0);
  }

  private static LogWindow lastPage(Connection open, ExecutionRef ref, long known)
      throws SQLException {
    List<LogLine> lines = lines(ReadLogs.before(open, ref, Long.MAX_VALUE, PAGE));
    long skipped = known < 0 || lines.isEmpty() ? 0 : lines.getFirst().seq() - known - 1;
    return window(ref, lines, true, Math.max(0, skipped));
  }

  private static LogWindow around(Connection open, ExecutionRef ref, long seq) throws SQLException {
    List<LogLine> lines = new ArrayList<>(lines(ReadLogs.before(open, ref, seq, PAGE)));
    List<LogEntry> after = ReadLogs.after(open, ref, seq - 1, PAGE);
    lines.addAll(lines(after));
    return window(ref, lines, after.size() < PAGE, 0);
  }

  /// The log's first entry is number 1.
  private static LogWindow window(
      ExecutionRef ref, List<LogLine> lines, boolean toEnd, long skipped) {
    boolean fromStart = lines.isEmpty() || lines.getFirst().seq() == 1;
    return new LogWindow(ref.attempt(), lines, fromStart, toEnd, skipped);
  }

  private static List<LogLine> lines(List<LogEntry> entries) {
    return entries.stream().map(LogLine::of).toList();
  }
}
