package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes jobs of one claim key and leases them to a worker, in one statement.
public final class ClaimJobs {
  // `= any(array(select …))`, for `in (select … limit 1)` was seen to touch 300 rows: the planner
  // may run the subquery again for each row. The watermark makes the index scan start behind the
  // dead entries of what was claimed before, so that a transaction held open elsewhere does not
  // slow the claims down. A job with two places in line (it was cancelled and retried during a
  // claim that failed) is updated, and so handed out, once. Joining the results of the parts would
  // be quadratic: the planner expects one row of each. Whether the worker lives and its provider is
  // not paused is asked once per claim, before anything is read of the line.
  private static final String SQL =
      """
      with picked as materialized (
        select r.ctid as place
        from aidp.ready r
        where r.host = ? and r.provider = ? and r.priority = ? and r.ready_at >= ?
          and exists (
            select from aidp.workers w
            where w.id = ? and w.ended_at is null
              and (? or not exists (select from aidp.provider_pauses p where p.host = w.host and p.provider = ?)))
          -- Evaluated once: without any hold nothing is asked of the single rows.
          and (not exists (select from aidp.workspace_holds)
               or not exists (select from aidp.in_the_way(r.job_id)))
        order by r.ready_at, r.job_id
        limit ?
        for update of r skip locked
      ), taken as (
        delete from aidp.ready where ctid = any (array(select place from picked)) returning job_id, ready_at
      ), claimed as (
        update aidp.jobs j
        set status = 'running', reason = null, attempt = j.attempt + 1, executions = j.executions + 1,
            started_at = clock_timestamp(), error = null, error_class = null, exit_code = null
        from taken t
        where j.id = t.job_id and j.status = 'queued'
        returning j.id, nextval('aidp.execution_id_seq') as execution_id, j.executions, j.attempt, j.max_attempts,
                  j.crash_count, j.max_crashes, j.rerun, j.name, j.node, j.run_id, j.provider, j.model, j.prompt,
                  j.workspace, j.host, (extract(epoch from j.timeout) * 1000)::bigint as timeout_ms, j.options,
                  j.session_id, j.started_at, t.ready_at
      ), leased as (
        insert into aidp.leases (job_id, execution_id, token, attempt, worker_id, started_at)
        select id, execution_id, ?::uuid, executions, ?, started_at from claimed
      )
      select * from claimed order by ready_at, id
      """;

  private ClaimJobs() {}

  /// Commits if the connection is in autocommit mode, as it should be.
  ///
  /// @param watermark where in line to begin: the `readyAt` of the last claim; null: at the head
  /// @param limit free slots
  /// @return in claim order; empty when there is nothing, when the provider is paused on the
  ///   worker's host, or when the worker was declared dead
  public static List<ClaimedJob> claim(
      Connection connection,
      ClaimKey key,
      @Nullable OffsetDateTime watermark,
      long workerId,
      int limit)
      throws SQLException {
    return claim(connection, key, watermark, workerId, limit, false);
  }

  /// At most one job, though its provider is paused: the caller holds the pause's row.
  static List<ClaimedJob> claimThroughPause(Connection connection, ClaimKey key, long workerId)
      throws SQLException {
    return claim(connection, key, null, workerId, 1, true);
  }

  private static List<ClaimedJob> claim(
      Connection connection,
      ClaimKey key,
      @Nullable OffsetDateTime watermark,
      long workerId,
      int limit,
      boolean throughPause)
      throws SQLException {
    UUID token = UUID.randomUUID();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, key.host());
      statement.setString(2, key.provider());
      statement.setShort(3, (short) key.priority());
      statement.setObject(4, watermark == null ? OffsetDateTime.MIN : watermark);
      statement.setLong(5, workerId);
      statement.setBoolean(6, throughPause);
      statement.setString(7, key.provider());
      statement.setInt(8, limit);
      statement.setObject(9, token);
      statement.setLong(10, workerId);
      try (ResultSet rows = statement.executeQuery()) {
        List<ClaimedJob> claimed = new ArrayList<>();
        while (rows.next()) {
          claimed.add(read(rows, token));
        }
        return claimed;
      }
    }
  }

  private static ClaimedJob read(ResultSet row, UUID token) throws SQLException {
    long timeoutMillis = row.getLong("timeout_ms");
    Duration timeout = row.wasNull() ? null : Duration.ofMillis(timeoutMillis);
    return new ClaimedJob(
        new LeaseRef(row.getLong("id"), row.getLong("execution_id"), token),
        row.getInt("executions"),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        row.getInt("crash_count"),
        row.getInt("max_crashes"),
        row.getBoolean("rerun"),
        row.getString("name"),
        row.getString("node"),
        row.getObject("run_id", UUID.class),
        row.getString("provider"),
        row.getString("model"),
        row.getString("prompt"),
        row.getString("workspace"),
        row.getString("host"),
        timeout,
        JobOptions.ofJson(row.getString("options")),
        row.getString("session_id"),
        row.getObject("ready_at", OffsetDateTime.class),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        null);
  }
}
