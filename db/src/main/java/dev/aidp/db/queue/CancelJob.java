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

  // After the job's own row, whose lock keeps others from lining it up. A claim that holds the
  // place
  // deletes it, and finds that the job is no longer queued; waiting for it here could deadlock.
  private static final String LEAVE_LINE =
      """
      delete from aidp.ready where ctid = any (array(
        select r.ctid from aidp.jobs j
        join aidp.ready r on r.host = coalesce(j.host, '') and r.provider = j.provider and r.priority = j.priority
          and r.job_id = j.id
        where j.id = ?
        for update of r skip locked))
      """;

  private CancelJob() {}

  /// Commits.
  ///
  /// @return interrupted: it is; running: its worker was asked; otherwise the status that it had
  ///   already ended in; empty: no such job
  public static Optional<JobStatus> cancel(Connection connection, long jobId) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          Optional<JobStatus> changed = status(transaction, SQL, jobId);
          if (changed.isEmpty()) {
            return status(transaction, "select status from aidp.jobs where id = ?", jobId);
          }
          if (changed.get() == JobStatus.RUNNING) {
            execute(transaction, "select pg_notify('aidp_cancel', ?::bigint::text)", jobId);
          } else {
            execute(transaction, LEAVE_LINE, jobId);
            Dependents.interrupt(transaction, Set.of(jobId));
          }
          return changed;
        });
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
        return row.next() ? Optional.of(JobStatus.ofWord(row.getString(1))) : Optional.empty();
      }
    }
  }
}
