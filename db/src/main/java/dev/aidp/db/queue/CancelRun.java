package dev.aidp.db.queue;

import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Stops a run: at once what is not running, the rest by asking its workers, which are woken.
public final class CancelRun {
  private static final String OPEN =
      """
      select id from aidp.jobs
      where run_id = ? and in_pipeline and status in ('queued', 'waiting', 'running')
      order by id for update
      """;

  private CancelRun() {}

  /// What became of a run's jobs.
  ///
  /// @param interrupted those that have ended with it
  /// @param asked those that run, and whose workers were asked
  public record Cancelled(List<Long> interrupted, List<Long> asked) {
    public Cancelled {
      interrupted = List.copyOf(interrupted);
      asked = List.copyOf(asked);
    }
  }

  /// Commits. Both lists are empty if there was nothing to stop.
  public static Cancelled cancel(Connection connection, UUID runId) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          StopJobs.Stopped stopped = StopJobs.stop(transaction, open(transaction, runId));
          if (!stopped.interrupted().isEmpty() || !stopped.asked().isEmpty()) {
            RunLog.add(transaction, runId, LogLevel.WARN, "Cancel requested", Map.of());
          }
          return new Cancelled(stopped.interrupted(), stopped.asked());
        });
  }

  private static List<Long> open(Connection connection, UUID runId) throws SQLException {
    List<Long> open = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
      statement.setObject(1, runId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          open.add(row.getLong("id"));
        }
      }
    }
    return open;
  }
}
