package dev.aidp.cli.tui.data;

import dev.aidp.db.read.FindMatchingJobs;
import dev.aidp.db.read.FindMatchingJobs.Direction;
import dev.aidp.db.read.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A look for some matching jobs in one direction that can be left off and gone on with. For one
/// thread.
final class MatchSweep {
  private static final int FIRST_STEP = 1_000;
  private static final int LONGEST_STEP = 20_000;

  private final JobFilter filter;
  private final Direction direction;
  private final int limit;
  private final List<Long> ids = new ArrayList<>();
  private long position;
  private long looked;
  private boolean exhausted;

  /// @param from where it starts; not looked at itself
  /// @param limit how many matches are enough
  MatchSweep(JobFilter filter, Direction direction, long from, int limit) {
    this.filter = filter;
    this.direction = direction;
    this.position = from;
    this.limit = limit;
  }

  /// One that has nothing to look for.
  static MatchSweep none(Direction direction) {
    MatchSweep sweep = new MatchSweep(JobFilter.ALL, direction, 0, 0);
    sweep.exhausted = true;
    return sweep;
  }

  /// Looks on until it is done or the time is over, whichever comes first; at least one step.
  void go(Connection open, Duration time) throws SQLException {
    long end = System.nanoTime() + time.toNanos();
    int step = FIRST_STEP;
    while (!done()) {
      FindMatchingJobs.Step some = FindMatchingJobs.step(open, filter, direction, position, step);
      looked += some.looked();
      exhausted = some.looked() < step;
      position = some.last();
      some.ids().stream().limit(limit - ids.size()).forEach(ids::add);
      if (some.ids().size() > 0 && ids.size() == limit) {
        // Some of the last step may be left over.
        exhausted &= some.ids().getLast().equals(ids.getLast());
      }
      if (System.nanoTime() - end >= 0) {
        return;
      }
      step = Math.min(LONGEST_STEP, 4 * step);
    }
  }

  boolean done() {
    return exhausted || ids.size() >= limit;
  }

  /// Whether there are no more matches in this direction than it has found.
  boolean exhausted() {
    return exhausted;
  }

  long looked() {
    return looked;
  }

  /// What it found, in the order of the look.
  List<Long> ids() {
    return ids;
  }
}
