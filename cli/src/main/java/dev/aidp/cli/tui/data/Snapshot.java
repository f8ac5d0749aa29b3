package dev.aidp.cli.tui.data;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the database answered to a [Want].
///
/// @param latency of the whole answer
public record Snapshot(Want want, Overview overview, Body body, Duration latency) {

  /// What every screen's header shows.
  ///
  /// @param workersAlive of those that have not ended, how many gave a sign of life lately
  public record Overview(int workersAlive, int workers, Counts counts) {
    public static final Overview NONE = new Overview(0, 0, Counts.NONE);
  }

  /// The answer itself.
  public sealed interface Body {}

  /// @param rows newest first, without a gap
  /// @param fromNewest whether there is no newer job than the first row
  /// @param toOldest whether there is no older job than the last row
  /// @param above how many jobs are newer than the first row
  /// @param unseen how many jobs are newer than the newest that the user was shown
  public record Jobs(
      List<JobRow> rows, boolean fromNewest, boolean toOldest, Count above, Count unseen)
      implements Body {
    public static final Jobs NONE = new Jobs(List.of(), true, true, Count.NONE, Count.NONE);

    public Jobs {
      rows = List.copyOf(rows);
    }
  }

  /// @param job empty: it does not exist (any more)
  public record Detail(Optional<Job> job, List<Execution> executions, LogWindow logs)
      implements Body {
    public Detail {
      executions = List.copyOf(executions);
    }
  }
}
