package dev.aidp.cli.tui.data;

/// What the screen shows at the moment, hence what is asked for again and again.
public sealed interface Want {
  /// Rows around the visible ones.
  ///
  /// @param rows how many are visible at once
  /// @param newestSeen id of the newest job that the user was shown; 0: none yet
  record Jobs(Anchor anchor, int rows, long newestSeen) implements Want {}

  /// Where the visible rows are.
  sealed interface Anchor {
    record Newest() implements Anchor {}

    record Oldest() implements Anchor {}

    /// @param id of the top row; it need not exist any more
    record At(long id) implements Anchor {}
  }

  /// One job with a part of the log of its latest execution.
  record Job(long id, Logs logs) implements Want {}

  /// Which part of a log.
  sealed interface Logs {
    /// Its end, and whatever is added.
    record Tail() implements Logs {}

    /// Entries before and after one.
    record Around(long seq) implements Logs {}
  }
}
