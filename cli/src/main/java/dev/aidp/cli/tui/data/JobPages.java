package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.data.Want.Anchor;
import dev.aidp.cli.tui.data.Want.Order;
import dev.aidp.core.job.Job;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.FindJobIds;
import dev.aidp.db.read.ReadJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pages of all jobs, by key: what a page costs depends on its length only.
final class JobPages {
  /// Rows beyond the visible ones, so that scrolling does not wait for the database.
  private static final int LEAST_MARGIN = 20;

  private JobPages() {}

  static int margin(Want.Jobs want) {
    return Math.max(LEAST_MARGIN, 2 * want.rows());
  }

  static Snapshot.Jobs read(Connection open, Want.Jobs want, Count unseen) throws SQLException {
    int margin = margin(want);
    int page = want.rows() + margin;
    List<Job> rows = new ArrayList<>();
    boolean fromFirst = true;
    boolean toLast = true;
    switch (want.anchor()) {
      case Anchor.First _ -> {
        rows.addAll(after(open, want.order(), null, page));
        toLast = rows.size() < page;
      }
      case Anchor.Last _ -> {
        rows.addAll(before(open, want.order(), null, page));
        fromFirst = rows.size() < page;
      }
      case Anchor.At(long id) -> {
        List<Job> above = before(open, want.order(), id, margin);
        fromFirst = above.size() < margin;
        rows.addAll(above);
        rows.addAll(ReadJobs.byIds(open, List.of(id), false));
        List<Job> below = after(open, want.order(), id, page - 1);
        toLast = below.size() < page - 1;
        rows.addAll(below);
      }
    }
    Count above = fromFirst || rows.isEmpty() ? Count.NONE : above(open, want, rows.getFirst());
    return new Snapshot.Jobs(
        rows.stream().map(JobRow::of).toList(), fromFirst, toLast, above, unseen, 0);
  }

  private static Count above(Connection open, Want.Jobs want, Job first) throws SQLException {
    return want.order() == Order.NEWEST_FIRST
        ? CountJobs.newerThan(open, first.id(), CountJobs.RECENT)
        : CountJobs.olderThan(open, first.id(), CountJobs.RECENT);
  }

  /// Rows behind an id (null: from the first one) in the order of the list.
  private static List<Job> after(Connection open, Order order, @Nullable Long id, int limit)
      throws SQLException {
    return order == Order.NEWEST_FIRST ? older(open, id, limit) : newer(open, id, limit).reversed();
  }

  /// Rows before an id (null: up to the last one) in the order of the list.
  private static List<Job> before(Connection open, Order order, @Nullable Long id, int limit)
      throws SQLException {
    return order == Order.NEWEST_FIRST ? newer(open, id, limit) : older(open, id, limit).reversed();
  }

  /// Newest first.
  private static List<Job> older(Connection open, @Nullable Long id, int limit)
      throws SQLException {
    return ReadJobs.list(open, new ReadJobs.Filter(null, null, null, id, limit), false);
  }

  /// Newest first.
  private static List<Job> newer(Connection open, @Nullable Long id, int limit)
      throws SQLException {
    List<Long> ids = FindJobIds.after(open, id == null ? Long.MIN_VALUE : id, limit);
    return ids.isEmpty() ? List.of() : ReadJobs.byIds(open, ids, false);
  }
}
