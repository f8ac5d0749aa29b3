package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Stops a job: at once if it is not running, else by asking its worker, which is woken. With a
/// node that has fanned out, its items are stopped too.
public final class CancelJob {
  // Before its items are looked for, so that those of a list that is known just now are seen.
  private static final String LOCK = "select status from aidp.jobs where id = ? for update";

  private static final String ITEMS =
      """
      select id from aidp.jobs
      where fan_out_id = ? and status in ('queued', 'waiting', 'running')
      order by id for update
      """;

  private static final String STATUS = "select status from aidp.jobs where id = ?";

  private CancelJob() {}

  /// What became of a job.
  ///
  /// @param status interrupted: it is; running: its worker was asked; otherwise the status that it
  ///   had already ended in
  /// @param stopped whether there was anything to stop, of its items too
  /// @param asked what still runs, and whose workers were asked: the job itself, or items
  public record Cancelled(JobStatus status, boolean stopped, List<Long> asked) {
    public Cancelled {
      asked = List.copyOf(asked);
    }
  }

  /// Commits.
  ///
  /// @return empty: no such job
  public static Optional<Cancelled> cancel(Connection connection, long jobId) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          if (status(transaction, LOCK, jobId).isEmpty()) {
            return Optional.empty();
          }
          List<Long> together = new ArrayList<>(List.of(jobId));
          together.addAll(items(transaction, jobId));
          StopJobs.Stopped stopped = StopJobs.stop(transaction, together);
          boolean any = !stopped.interrupted().isEmpty() || !stopped.asked().isEmpty();
          return status(transaction, STATUS, jobId)
              .map(status -> new Cancelled(status, any, stopped.asked()));
        });
  }

  private static List<Long> items(Connection connection, long jobId) throws SQLException {
    List<Long> items = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ITEMS)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          items.add(row.getLong("id"));
        }
      }
    }
    return items;
  }

  private static Optional<JobStatus> status(Connection connection, String sql, long jobId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(JobStatus.ofWord(row.getString(1))) : Optional.empty();
      }
    }
  }
}
