package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
      returning status, in_pipeline, run_id, case when pending_dependencies = 0 then fan_out_id end as place_in
      """;

  // After the job's own row, whose lock keeps others from lining it up. A claim that holds the
  // place deletes it, and finds that the job is no longer queued; waiting for it here could
  // deadlock.
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
          Optional<Changed> changed = change(transaction, jobId);
          if (changed.isEmpty()) {
            return status(transaction, jobId);
          }
          if (changed.get().status() == JobStatus.RUNNING) {
            execute(transaction, "select pg_notify('aidp_cancel', ?::bigint::text)", jobId);
          } else {
            execute(transaction, LEAVE_LINE, jobId);
            List<EndedNode> ended =
                new ArrayList<>(Dependents.interrupt(transaction, Set.of(jobId)));
            if (changed.get().node() != null) {
              ended.add(changed.get().node());
            }
            Set<ClaimKey> ready = new HashSet<>(RunProgress.ended(transaction, ended));
            ready.addAll(FreeWorkspaces.freed(transaction));
            if (!ready.isEmpty()) {
              NotifyReady.notifyReady(transaction, ready);
            }
          }
          return changed.map(Changed::status);
        });
  }

  /// @param node null if it belongs to no pipeline
  private record Changed(JobStatus status, @Nullable EndedNode node) {}

  private static Optional<Changed> change(Connection connection, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        EndedNode node = null;
        if (row.getBoolean("in_pipeline")) {
          long place = row.getLong("place_in");
          node = new EndedNode(row.getObject("run_id", UUID.class), place == 0 ? null : place);
        }
        return Optional.of(new Changed(JobStatus.ofWord(row.getString("status")), node));
      }
    }
  }

  private static void execute(Connection connection, String sql, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      statement.execute();
    }
  }

  private static Optional<JobStatus> status(Connection connection, long jobId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select status from aidp.jobs where id = ?")) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(JobStatus.ofWord(row.getString(1))) : Optional.empty();
      }
    }
  }
}
