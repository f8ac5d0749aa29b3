package dev.aidp.cli.tui.screen;

/// What is looked for in a log.
///
/// @param text empty: nothing
/// @param errors whether errors are
/// @param current `seq` of the entry that was jumped to; 0: none
record LogSearch(String text, boolean errors, long current) {
  static final LogSearch NONE = new LogSearch("", false, 0);

  LogSearch forText(String next) {
    return new LogSearch(next, errors, 0);
  }

  LogSearch forErrors() {
    return new LogSearch(text, true, current);
  }

  LogSearch at(long seq) {
    return new LogSearch(text, errors, seq);
  }
}
