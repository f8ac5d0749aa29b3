package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every worker does every other second, in one statement: lines up the jobs whose time has
/// come, and answers which keys have jobs and when the next one is due.
public final class SweepQueue {
  // statement_timestamp() and not clock_timestamp(): only a stable function can bound an index
  // scan, and a look must not read every job that waits for a later time.
  //
  // The recursive part hops from key to key along the primary key (a loose index scan), so that it
  // costs the same at 10 and at 1,000,000 queued jobs.
  private static final String SQL =
      """
      with recursive due as materialized (
        select id from aidp.jobs
        where wake_at <= statement_timestamp() and status = 'waiting'
        order by wake_at limit 1000
        for update skip locked
      ), woken as (
        update aidp.jobs j
        set wake_at = null,
            status = case when j.pending_dependencies > 0 then 'waiting' else 'queued' end,
            reason = case when j.pending_dependencies > 0 then j.reason end
        where j.id = any (array(select id from due)) and j.status = 'waiting'
        returning j.id, j.host, j.provider, j.priority, j.status
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select coalesce(host, ''), provider, priority, clock_timestamp(), id from woken where status = 'queued'
        returning host, provider, priority
      ), forgotten as (
        delete from aidp.workspace_holds h where not %s
      ), keys as (
        (select host, provider, priority from aidp.ready order by host, provider, priority limit 1)
        union all
        select n.host, n.provider, n.priority
        from keys k
        cross join lateral (
          select r.host, r.provider, r.priority from aidp.ready r
          where (r.host, r.provider, r.priority) > (k.host, k.provider, k.priority)
          order by r.host, r.provider, r.priority limit 1) n
      )
      select host, provider, priority, null::bigint as next_ms from keys
      union
      select host, provider, priority, null from lined_up
      union all
      select null, null, null,
             case when (select count(*) from due) = 1000 then 0
                  else ceil(extract(epoch from min(wake_at) - clock_timestamp()) * 1000)::bigint end
      from aidp.jobs where wake_at > statement_timestamp()
      """
          .formatted(WorkspaceHolds.COUNTS);

  private SweepQueue() {}

  /// @param keys every key under which a job can be claimed, of all hosts and providers
  /// @param nextIn until the next job's time comes; null if none waits for a time
  public record Swept(List<ClaimKey> keys, @Nullable Duration nextIn) {}

  public static Swept sweep(Connection connection) throws SQLException {
    List<ClaimKey> keys = new ArrayList<>();
    Duration nextIn = null;
    try (PreparedStatement statement = connection.prepareStatement(SQL);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String host = rows.getString("host");
        if (host != null) {
          keys.add(new ClaimKey(host, rows.getString("provider"), rows.getInt("priority")));
          continue;
        }
        long nextMillis = rows.getLong("next_ms");
        nextIn = rows.wasNull() ? null : Duration.ofMillis(Math.max(0, nextMillis));
      }
    }
    return new Swept(keys, nextIn);
  }
}
