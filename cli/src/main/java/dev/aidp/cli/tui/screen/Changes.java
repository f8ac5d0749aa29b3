package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether an answer tells of something that happened, other than that time passed.
final class Changes {
  private Changes() {}

  static boolean between(Screen before, Screen after) {
    return switch (after) {
      case JobList list -> before instanceof JobList old && between(old, list);
      case JobDetail detail -> before instanceof JobDetail old && between(old, detail);
      case RowsScreen rows -> !rows.equals(before);
    };
  }

  private static boolean between(JobList before, JobList after) {
    Snapshot.Jobs old = before.window();
    Snapshot.Jobs now = after.window();
    if (old == null || now == null) {
      return now != null;
    }
    return !old.unseen().equals(now.unseen()) || rowsDiffer(old.rows(), now.rows());
  }

  /// Only rows that are in both: scrolling is no change.
  private static boolean rowsDiffer(List<JobRow> before, List<JobRow> after) {
    Map<Long, JobRow> known = new HashMap<>();
    before.forEach(row -> known.put(row.id(), row));
    return after.stream()
        .anyMatch(row -> {
          JobRow old = known.get(row.id());
          return old != null && row.differsFrom(old);
        });
  }

  private static boolean between(JobDetail before, JobDetail after) {
    Snapshot.Detail old = before.data();
    Snapshot.Detail now = after.data();
    if (old == null || now == null) {
      return now != null;
    }
    Optional<JobRow> oldRow = old.job().map(JobRow::of);
    Optional<JobRow> newRow = now.job().map(JobRow::of);
    boolean rowChanged =
        oldRow.isPresent() != newRow.isPresent()
            || (oldRow.isPresent() && newRow.get().differsFrom(oldRow.get()));
    return rowChanged || (before.logs().follow() && !old.logs().equals(now.logs()));
  }
}
