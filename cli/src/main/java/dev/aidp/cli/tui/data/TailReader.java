package dev.aidp.cli.tui.data;

import dev.aidp.core.job.Execution;
import dev.aidp.db.read.ReadLogStarts;
import dev.aidp.db.read.ReadLogStarts.Start;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Reads the part of a log that is wanted, and of what was read only what was added. For one
/// thread.
final class TailReader {
  private static final int PAGE = 400;
  private static final int MOST_KEPT = 1_000;

  private long executionId;
  private boolean toolsOnly;
  private LogWindow window = LogWindow.NONE;

  /// Which entries the window has: those that are there stay as they are.
  private List<Long> callSeqs = List.of();

  private long middle;

  LogWindow read(Connection open, Execution execution, Want.Logs want) throws SQLException {
    begin(execution, false);
    window =
        switch (want) {
          case Want.Logs.Tail _ -> tail(open, execution);
          case Want.Logs.Around(long seq) -> around(open, execution, seq);
        };
    return window;
  }

  /// The same of the entries at these places only.
  LogWindow readTools(Connection open, Execution execution, Want.Logs want, LogHits tools)
      throws SQLException {
    begin(execution, true);
    int at =
        switch (want) {
          case Want.Logs.Tail _ -> tools.count();
          case Want.Logs.Around(long seq) -> tools.after(seq - 1);
        };
    int from = Math.max(0, at - PAGE);
    int to = Math.min(tools.count(), at + PAGE);
    List<Long> seqs = tools.between(from, to);
    if (!seqs.equals(callSeqs)) {
      List<LogLine> lines = lines(ReadLogStarts.calls(open, execution.id(), seqs));
      window = new LogWindow(execution.attempt(), lines, from == 0, to == tools.count(), 0);
      callSeqs = seqs;
    }
    return window;
  }

  private void begin(Execution execution, boolean tools) {
    if (execution.id() != executionId || tools != toolsOnly) {
      forget();
      executionId = execution.id();
      toolsOnly = tools;
    }
  }

  void forget() {
    executionId = 0;
    window = LogWindow.NONE;
    callSeqs = List.of();
    middle = 0;
  }

  private LogWindow tail(Connection open, Execution execution) throws SQLException {
    middle = 0;
    if (window.lines().isEmpty() || !window.toEnd()) {
      return lastPage(open, execution, -1);
    }
    long last = window.lines().getLast().seq();
    List<Start> added = ReadLogStarts.after(open, execution.id(), last, PAGE);
    if (added.size() == PAGE) {
      return lastPage(open, execution, last);
    }
    if (added.isEmpty()) {
      return window(execution, window.lines(), true, 0);
    }
    List<LogLine> lines = new ArrayList<>(window.lines());
    added.forEach(entry -> lines.add(LogLine.of(entry)));
    int from = Math.max(0, lines.size() - MOST_KEPT);
    return window(execution, lines.subList(from, lines.size()), true, 0);
  }

  private static LogWindow lastPage(Connection open, Execution execution, long known)
      throws SQLException {
    List<LogLine> lines = lines(ReadLogStarts.before(open, execution.id(), Long.MAX_VALUE, PAGE));
    long skipped = known < 0 || lines.isEmpty() ? 0 : lines.getFirst().seq() - known - 1;
    return window(execution, lines, true, Math.max(0, skipped));
  }

  private LogWindow around(Connection open, Execution execution, long seq) throws SQLException {
    if (seq == middle && !window.toEnd()) {
      return window;
    }
    middle = seq;
    List<LogLine> lines =
        new ArrayList<>(lines(ReadLogStarts.before(open, execution.id(), seq, PAGE)));
    List<Start> after = ReadLogStarts.after(open, execution.id(), seq - 1, PAGE);
    lines.addAll(lines(after));
    return window(execution, lines, after.size() < PAGE, 0);
  }

  /// The log's first entry is number 1.
  private static LogWindow window(
      Execution execution, List<LogLine> lines, boolean toEnd, long skipped) {
    boolean fromStart = lines.isEmpty() || lines.getFirst().seq() == 1;
    return new LogWindow(execution.attempt(), lines, fromStart, toEnd, skipped);
  }

  private static List<LogLine> lines(List<Start> entries) {
    return entries.stream().map(LogLine::of).toList();
  }
}
