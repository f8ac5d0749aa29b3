package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// Stops a job: at once if it is not running, else by asking its worker, which is woken.
public final class CancelJob {
  private static final String SQL =
      """
      update aidp.jobs j
      set status = case when status = 'running' then 'running' else 'interrupted' end,
          cancel_requested_at = case when status = 'running' then coalesce(cancel_requested_at, clock_timestamp()) end,
          reason = case when status = 'running' then reason else 'cancelled' end,
          error = case when status = 'running' then error else 'cancelled' end,
          error_class = case when status = 'running' then error_class else 'cancelled' end,
          completed_at = case when status = 'running' then completed_at else clock_timestamp() end,
          wake_at = null
      where id = ? and status in ('queued', 'waiting', 'running')
      returning status
      """;

  private CancelJob() {}

  /// Commits.
  ///
  /// @return interrupted: it is; running: its worker was asked; otherwise the status that it had
  ///     already ended in; empty: no such job
  public static Optional<JobStatus> cancel(Connection connection, long jobId)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      // The place in line goes first, as in a claim: the same order of locks cannot deadlock.
      execute(connection, "delete from aidp.ready where (host, provider, priority, job_id) in"
          + " (select coalesce(host, ''), provider, priority, id from aidp.jobs where id = ?)", jobId);
      Optional<JobStatus> changed = status(connection, SQL, jobId);
      if (changed.isPresent() && changed.get() == JobStatus.RUNNING) {
        execute(connection, "select pg_notify('aidp_cancel', ?::bigint::text)", jobId);
      } else if (changed.isPresent()) {
        FinishJobs.interruptDependents(connection, Set.of(jobId));
      } else {
        changed = status(connection, "select status from aidp.jobs where id = ?", jobId);
      }
      connection.commit();
      return changed;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private static void execute(Connection connection, String sql, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      statement.execute();
    }
  }

  private static Optional<JobStatus> status(Connection connection, String sql, long jobId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(JobStatus.ofWord(row.getString(1)))
            : Optional.empty();
      }
    }
  }
}
