package dev.aidp.cli.tui.screen;

/// Where a log is read, and how it is shown.
///
/// @param attempt whose log it is; 0: the latest one's
/// @param follow whether the end is shown, and what is added to it
/// @param wrap whether long lines are wrapped; else they are cut
/// @param times whether the time of each entry is shown
/// @param seq of the entry at the top; without meaning when following
/// @param line within that entry
/// @param skipped entries that came too fast to be shown while following
record LogPosition(
    int attempt, boolean follow, boolean wrap, boolean times, long seq, int line, long skipped) {
  static final LogPosition START = new LogPosition(0, true, true, true, 0, 0, 0);

  LogPosition at(long nextSeq, int nextLine) {
    return new LogPosition(attempt, false, wrap, times, nextSeq, nextLine, 0);
  }

  /// From the end of another attempt's log on.
  LogPosition ofAttempt(int next) {
    return new LogPosition(next, true, wrap, times, 0, 0, 0);
  }

  LogPosition following() {
    return new LogPosition(attempt, true, wrap, times, 0, 0, 0);
  }

  LogPosition withWrap(boolean next) {
    return new LogPosition(attempt, follow, next, times, seq, 0, skipped);
  }

  LogPosition withTimes(boolean next) {
    return new LogPosition(attempt, follow, wrap, next, seq, 0, skipped);
  }

  LogPosition withSkipped(long more) {
    return new LogPosition(attempt, follow, wrap, times, seq, line, skipped + more);
  }
}
