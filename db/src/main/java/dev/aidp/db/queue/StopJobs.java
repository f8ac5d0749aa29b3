package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Stops jobs together: at once what is not running, the rest by asking their workers, which are
/// woken. What needs them is interrupted. Part of the caller's transaction, which has locked them,
/// in the order of their ids.
final class StopJobs {
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
      where id = any (?::bigint[]) and status in ('queued', 'waiting', 'running')
      returning id, status, in_pipeline, run_id, case when pending_dependencies = 0 then fan_out_id end as place_in
      """;

  // After the jobs' own rows, whose locks keep others from lining them up. A claim that holds the
  // place deletes it, and finds that the job is no longer queued; waiting for it here could
  // deadlock.
  private static final String LEAVE_LINE =
      """
      delete from aidp.ready where ctid = any (array(
        select r.ctid from aidp.jobs j
        join aidp.ready r on r.host = coalesce(j.host, '') and r.provider = j.provider and r.priority = j.priority
          and r.job_id = j.id
        where j.id = any (?::bigint[])
        for update of r skip locked))
      """;

  private static final String ASK =
      "select pg_notify('aidp_cancel', id::text) from unnest(?::bigint[]) as id";

  private StopJobs() {}

  /// What became of the jobs that had not ended.
  ///
  /// @param interrupted those that have ended with it
  /// @param asked those that run, and whose workers were asked
  record Stopped(List<Long> interrupted, List<Long> asked) {
    Stopped {
      interrupted = List.copyOf(interrupted);
      asked = List.copyOf(asked);
    }
  }

  static Stopped stop(Connection connection, Collection<Long> jobIds) throws SQLException {
    List<Long> interrupted = new ArrayList<>();
    List<Long> asked = new ArrayList<>();
    List<EndedNode> ended = new ArrayList<>();
    change(connection, jobIds, interrupted, asked, ended);
    if (!interrupted.isEmpty()) {
      run(connection, LEAVE_LINE, interrupted);
      ended.addAll(Dependents.interrupt(connection, interrupted));
      Set<ClaimKey> ready = new HashSet<>(RunProgress.ended(connection, ended));
      ready.addAll(FreeWorkspaces.freed(connection));
      NotifyReady.notifyReady(connection, ready);
    }
    if (!asked.isEmpty()) {
      run(connection, ASK, asked);
    }
    return new Stopped(interrupted, asked);
  }

  private static void change(
      Connection connection,
      Collection<Long> jobIds,
      List<Long> interrupted,
      List<Long> asked,
      List<EndedNode> ended)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(1, connection.createArrayOf("bigint", jobIds.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (JobStatus.ofWord(row.getString("status")) == JobStatus.RUNNING) {
            asked.add(row.getLong("id"));
            continue;
          }
          interrupted.add(row.getLong("id"));
          if (row.getBoolean("in_pipeline")) {
            long place = row.getLong("place_in");
            ended.add(
                new EndedNode(row.getObject("run_id", UUID.class), place == 0 ? null : place));
          }
        }
      }
    }
  }

  private static void run(Connection connection, String sql, List<Long> ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      statement.execute();
    }
  }
}
