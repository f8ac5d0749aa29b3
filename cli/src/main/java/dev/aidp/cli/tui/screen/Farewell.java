package dev.aidp.cli.tui.screen;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;

/// What is said when the table is left.
public final class Farewell {
  private Farewell() {}

  public static String of(Ui ui) {
    Counts counts = ui.overview().counts();
    return "Jobs keep running in the background (%s running, %s queued); aidp jobs shows them again."
        .formatted(amount(counts.of(JobStatus.RUNNING)), amount(counts.of(JobStatus.QUEUED)));
  }

  private static String amount(Count count) {
    return count.atLeast() + (count.exact() ? "" : "+");
  }
}
