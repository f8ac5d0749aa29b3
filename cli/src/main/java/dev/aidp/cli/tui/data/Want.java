package dev.aidp.cli.tui.data;

import dev.aidp.db.read.JobFilter;
import java.util.UUID;

/// What the screen shows at the moment, hence what is asked for again and again.
public sealed interface Want {
  /// Rows around the visible ones.
  ///
  /// @param rows how many are visible at once
  /// @param newestSeen id of the newest job that the user was shown; 0: none yet
  record Jobs(JobFilter filter, Order order, Anchor anchor, int rows, long newestSeen)
      implements Want {}

  /// In which jobs are listed. Ids are the one column with an index that all jobs have: any other
  /// would have to be kept up by each claim and completion.
  enum Order {
    NEWEST_FIRST,
    OLDEST_FIRST;

    public Order reversed() {
      return this == NEWEST_FIRST ? OLDEST_FIRST : NEWEST_FIRST;
    }

    /// Whether a job is listed above another one.
    public boolean isAbove(long id, long other) {
      return this == NEWEST_FIRST ? id > other : id < other;
    }
  }

  /// Where the visible rows are.
  sealed interface Anchor {
    record First() implements Anchor {}

    record Last() implements Anchor {}

    /// @param id of the top row; it need not exist any more
    record At(long id) implements Anchor {}
  }

  /// One job with a part of the log of one of its executions.
  ///
  /// @param attempt whose log; 0: the latest one's
  /// @param tools whether the part is one of its tool calls only
  /// @param errors whether errors are looked for
  /// @param search what is looked for; empty: nothing
  record Job(long id, int attempt, Logs logs, boolean tools, boolean errors, String search)
      implements Want {}

  /// The live workers.
  record Workers() implements Want {}

  /// The latest runs of pipelines.
  record Runs() implements Want {}

  /// A run with its nodes.
  record Run(UUID id) implements Want {}

  /// The main menu needs nothing.
  record Menu() implements Want {}

  record Prompts() implements Want {}

  record Pipelines() implements Want {}

  record Workflow() implements Want {}

  /// Which part of a log.
  sealed interface Logs {
    /// Its end, and whatever is added.
    record Tail() implements Logs {}

    /// Entries before and after one.
    record Around(long seq) implements Logs {}
  }
}
