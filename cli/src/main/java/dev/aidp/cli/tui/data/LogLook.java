package dev.aidp.cli.tui.data;

import dev.aidp.db.read.FindLogs;
import dev.aidp.db.read.FindLogs.Matching;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A look through the log of one execution that is gone on with in short turns, and later through
/// what is added. For one thread.
final class LogLook {
  private static final int STEP = 20_000;

  private long executionId;
  private @Nullable Matching matching;
  private LogHits hits = LogHits.NONE;

  /// Looks on for a while.
  ///
  /// @param wanted another one than before begins anew
  LogHits go(Connection open, long execution, Matching wanted, Duration turn) throws SQLException {
    if (execution != executionId || !wanted.equals(matching)) {
      executionId = execution;
      matching = wanted;
      hits = LogHits.begun();
    }
    long end = System.nanoTime() + turn.toNanos();
    long last = FindLogs.last(open, execution);
    do {
      long to = Math.min(last, hits.lookedTo() + STEP);
      long[] found =
          to == hits.lookedTo()
              ? new long[0]
              : FindLogs.between(open, execution, wanted, hits.lookedTo(), to);
      hits = hits.with(found, to, to == last || hits.capped());
    } while (!hits.complete() && System.nanoTime() - end < 0);
    return hits;
  }
}
