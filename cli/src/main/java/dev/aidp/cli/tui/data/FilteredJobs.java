package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.data.Want.Anchor;
import dev.aidp.cli.tui.data.Want.Order;
import dev.aidp.core.job.Job;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.FindMatchingJobs.Direction;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ReadJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Pages of the jobs that match a filter. Matches may be rare, so that a page is looked for in
/// short turns, each of which answers with what was found so far. A page that was found is read
/// anew each time, and looked for anew when that costs little of the time. For one thread.
final class FilteredJobs {
  private static final Duration TURN = Duration.ofMillis(100);

  /// Looking anew for what was found may take this part of the time.
  private static final int SHARE = 20;

  private @Nullable Key key;
  private @Nullable Look look;
  private @Nullable Found found;

  /// What a look belongs to.
  private record Key(JobFilter filter, Order order, Anchor anchor, int rows) {}

  /// The ids of a page, in the order of the list.
  private record Found(List<Long> ids, boolean fromFirst, boolean toLast, long dueNanos) {}

  /// A look for a page: towards its beginning and towards its end.
  private static final class Look {
    private final MatchSweep before;
    private final MatchSweep after;
    private long spentNanos;

    private Look(MatchSweep before, MatchSweep after) {
      this.before = before;
      this.after = after;
    }

    static Look of(Want.Jobs want) {
      boolean newestFirst = want.order() == Order.NEWEST_FIRST;
      Direction down = newestFirst ? Direction.OLDER : Direction.NEWER;
      Direction up = newestFirst ? Direction.NEWER : Direction.OLDER;
      int margin = JobPages.margin(want);
      int page = want.rows() + margin;
      JobFilter filter = want.filter();
      return switch (want.anchor()) {
        case Anchor.First _ ->
            new Look(MatchSweep.none(up), new MatchSweep(filter, down, start(down), page));
        case Anchor.Last _ ->
            new Look(new MatchSweep(filter, up, start(up), page), MatchSweep.none(down));
        case Anchor.At(long id) ->
            new Look(
                new MatchSweep(filter, up, id, margin),
                // The anchor itself is the first row of the page.
                new MatchSweep(filter, down, newestFirst ? id + 1 : id - 1, page));
      };
    }

    private static long start(Direction direction) {
      return direction == Direction.OLDER ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    boolean done() {
      return before.done() && after.done();
    }

    void go(Connection open, Duration turn) throws SQLException {
      long started = System.nanoTime();
      after.go(open, turn);
      before.go(open, turn.minusNanos(System.nanoTime() - started));
      spentNanos += System.nanoTime() - started;
    }

    Found found() {
      List<Long> ids = new ArrayList<>(before.ids().reversed());
      ids.addAll(after.ids());
      long due = System.nanoTime() + SHARE * spentNanos;
      return new Found(ids, before.exhausted(), after.exhausted(), due);
    }

    long looked() {
      return before.looked() + after.looked();
    }
  }

  Snapshot.Jobs read(Connection open, Want.Jobs want, Count unseen) throws SQLException {
    Key wanted = new Key(want.filter(), want.order(), want.anchor(), want.rows());
    if (!wanted.equals(key)) {
      key = wanted;
      look = null;
      found = null;
    }
    Found page = page(open, want);
    boolean unfinished = found == null;
    long looked = unfinished && look != null ? Math.max(1, look.looked()) : 0;
    Count above = page.fromFirst() ? Count.NONE : new Count(0, false);
    return new Snapshot.Jobs(
        rows(open, want.filter(), page.ids()),
        page.fromFirst(),
        page.toLast(),
        above,
        unseen,
        looked);
  }

  private Found page(Connection open, Want.Jobs want) throws SQLException {
    Found last = found;
    if (look == null && (last == null || System.nanoTime() - last.dueNanos() >= 0)) {
      look = Look.of(want);
    }
    Look current = look;
    if (current != null) {
      current.go(open, TURN);
      if (current.done()) {
        found = current.found();
        look = null;
      } else if (last == null) {
        return current.found();
      }
    }
    return Objects.requireNonNull(found);
  }

  /// As they are now. What has changed its status since it was found goes at once.
  private static List<JobRow> rows(Connection open, JobFilter filter, List<Long> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<Long, Job> jobs = new HashMap<>();
    ReadJobs.byIds(open, ids, false).forEach(job -> jobs.put(job.id(), job));
    return ids.stream()
        .map(jobs::get)
        .filter(job ->
            job != null
                && (filter.statuses().isEmpty() || filter.statuses().contains(job.status())))
        .map(JobRow::of)
        .toList();
  }
}
