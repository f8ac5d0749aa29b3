package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
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
  private static final String SQL =
      """
      with open as materialized (
        select id from aidp.jobs
        where run_id = ? and in_pipeline and status in ('queued', 'waiting', 'running')
        order by id for update
      )
      update aidp.jobs j
      set status = case when status = 'running' then 'running' else 'interrupted' end,
          cancel_requested_at = case when status = 'running' then coalesce(cancel_requested_at, clock_timestamp()) end,
          reason = case when status = 'running' then reason else 'cancelled' end,
          error = case when status = 'running' then error else 'cancelled' end,
          error_class = case when status = 'running' then error_class else 'cancelled' end,
          completed_at = case when status = 'running' then completed_at else clock_timestamp() end,
          wake_at = null
      where j.id = any (array(select id from open)) and j.status in ('queued', 'waiting', 'running')
      returning j.id, j.status, case when j.pending_dependencies = 0 then j.fan_out_id end as place_in
      """;

  // As when a single job is cancelled: a claim that holds the place finds that the job is not
  // queued.
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
          List<Long> interrupted = new ArrayList<>();
          List<Long> asked = new ArrayList<>();
          List<EndedNode> ended = new ArrayList<>();
          change(transaction, runId, interrupted, asked, ended);
          if (!interrupted.isEmpty()) {
            run(transaction, LEAVE_LINE, interrupted);
            RunProgress.ended(transaction, ended);
            NotifyReady.notifyReady(transaction, FreeWorkspaces.freed(transaction));
          }
          if (!asked.isEmpty()) {
            run(transaction, ASK, asked);
          }
          if (!interrupted.isEmpty() || !asked.isEmpty()) {
            RunLog.add(transaction, runId, LogLevel.WARN, "Cancel requested", Map.of());
          }
          return new Cancelled(interrupted, asked);
        });
  }

  private static void change(
      Connection connection,
      UUID runId,
      List<Long> interrupted,
      List<Long> asked,
      List<EndedNode> ended)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setObject(1, runId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (JobStatus.ofWord(row.getString("status")) == JobStatus.RUNNING) {
            asked.add(row.getLong("id"));
          } else {
            interrupted.add(row.getLong("id"));
            long place = row.getLong("place_in");
            ended.add(new EndedNode(runId, place == 0 ? null : place));
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
