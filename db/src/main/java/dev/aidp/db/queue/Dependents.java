package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the end of a job means for the jobs that need it. Part of the caller's transaction, which
/// has already changed the rows of the ended jobs.
///
/// Each statement is sent after the one that locked the jobs it looks from, and so sees whatever
/// was committed before it got those locks: a dependent that was being queued or retried at that
/// moment held its dependencies' rows for share until its own row was there. One statement for both
/// would look with a snapshot from before the lock, and that dependent would wait forever.
final class Dependents {
  // Locked in the order of their ids, so that two completions with several common dependents do not
  // deadlock.
  private static final String RELEASE =
      """
      with waiters as materialized (
        select d.job_id, count(*)::int as satisfied
        from aidp.job_dependencies d where d.depends_on_id = any (?::bigint[])
        group by d.job_id
      ), locked as materialized (
        select j.id from aidp.jobs j
        where j.id = any (array(select job_id from waiters)) and j.status = 'waiting'
        order by j.id
        for update of j
      ), released as (
        update aidp.jobs j
        set pending_dependencies = greatest(j.pending_dependencies - w.satisfied, 0),
            status = case when j.pending_dependencies <= w.satisfied and j.wake_at is null then 'queued' else 'waiting' end,
            reason = case when j.pending_dependencies > w.satisfied then j.reason
                          when j.wake_at is null then null
                          else 'starts at ' || to_char(j.wake_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end
        from waiters w
        where j.id = w.job_id and j.id = any (array(select id from locked))
        returning j.id, j.status, coalesce(j.host, '') as host, j.provider, j.priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from released where status = 'queued'
        returning host, provider, priority
      )
      select distinct host, provider, priority from lined_up
      """;

  // One level of the graph at a time, for the reason above.
  private static final String INTERRUPT =
      """
      with lost as materialized (
        select d.job_id, min(coalesce(c.because, coalesce(p.node, p.name) || ' (' || p.status || ')')) as because
        from unnest(?::bigint[], ?::text[]) as c(id, because)
        join aidp.job_dependencies d on d.depends_on_id = c.id
        join aidp.jobs p on p.id = c.id
        group by d.job_id
      ), locked as materialized (
        select j.id from aidp.jobs j
        where j.id = any (array(select job_id from lost)) and j.status = 'waiting'
        order by j.id
        for update of j
      )
      update aidp.jobs j
      set status = 'interrupted', reason = 'needs ' || l.because, wake_at = null, completed_at = clock_timestamp()
      from lost l
      where j.id = l.job_id and j.id = any (array(select id from locked))
      returning j.id, l.because, j.in_pipeline, j.run_id
      """;

  private Dependents() {}

  /// Counts completed jobs off for those that need them, and lines up those that now need nothing.
  ///
  /// @return keys under which jobs were lined up
  static Set<ClaimKey> release(Connection connection, Collection<Long> completedIds)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
      statement.setArray(1, connection.createArrayOf("bigint", completedIds.toArray()));
      return ClaimKey.read(statement);
    }
  }

  /// Interrupts, transitively, what waits for jobs that did not complete: it will never start by
  /// itself.
  ///
  /// @return nodes of pipelines that ended with it
  static List<EndedNode> interrupt(Connection connection, Collection<Long> jobIds)
      throws SQLException {
    List<EndedNode> nodes = new ArrayList<>();
    Map<Long, @Nullable String> level = new LinkedHashMap<>();
    jobIds.forEach(id -> level.put(id, null));
    while (!level.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(INTERRUPT)) {
        statement.setArray(1, connection.createArrayOf("bigint", level.keySet().toArray()));
        statement.setArray(2, connection.createArrayOf("text", level.values().toArray()));
        level.clear();
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            level.put(row.getLong("id"), row.getString("because"));
            if (row.getBoolean("in_pipeline")) {
              nodes.add(new EndedNode(row.getObject("run_id", UUID.class), null));
            }
          }
        }
      }
    }
    return nodes;
  }
}
