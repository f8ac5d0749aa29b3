package dev.aidp.cli.tui.screen;

/// Where a log is read, and how it is shown.
///
/// @param follow whether the end is shown, and what is added to it
/// @param wrap whether long lines are wrapped; else they are cut
/// @param times whether the time of each entry is shown
/// @param seq of the entry at the top; without meaning when following
/// @param line within that entry
/// @param skipped entries that came too fast to be shown while following
record LogPosition(boolean follow, boolean wrap, boolean times, long seq, int line, long skipped) {
  static final LogPosition START = new LogPosition(true, true, true, 0, 0, 0);

  LogPosition at(long nextSeq, int nextLine) {
    return new LogPosition(false, wrap, times, nextSeq, nextLine, 0);
  }

  LogPosition following() {
    return new LogPosition(true, wrap, times, 0, 0, 0);
  }

  LogPosition withWrap(boolean next) {
    return new LogPosition(follow, next, times, seq, 0, skipped);
  }

  LogPosition withTimes(boolean next) {
    return new LogPosition(follow, wrap, next, seq, 0, skipped);
  }

  LogPosition withSkipped(long more) {
    return new LogPosition(follow, wrap, times, seq, line, skipped + more);
  }
}
