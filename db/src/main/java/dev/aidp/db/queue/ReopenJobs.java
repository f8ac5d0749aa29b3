package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Lets jobs that have ended wait or queue once more, together: what one of them needs of the
/// others it waits for again, and so does whatever still waits beside them. Part of the caller's
/// transaction, which has locked them and what they need, in the order of their ids.
final class ReopenJobs {
  private static final String SQL =
      """
      with targets as materialized (
        select unnest(?::bigint[]) as id
      ), affected as materialized (
        select t.id, true as reopened from targets t
        union all
        select distinct d.job_id, false
        from targets t
        join aidp.job_dependencies d on d.depends_on_id = t.id
        join aidp.jobs j on j.id = d.job_id
        where j.status = 'waiting' and not exists (select from targets o where o.id = d.job_id)
      ), missing as materialized (
        select a.id, a.reopened, count(p.id)::int as missing,
               array_to_string((array_agg(p.name order by p.id))[1:3], ', ')
                 || case when count(p.id) > 3 then ' and ' || count(p.id) - 3 || ' more' else '' end as names
        from affected a
        left join lateral (
          select p.id, coalesce(p.node, p.name) as name
          from aidp.job_dependencies d
          join aidp.jobs p on p.id = d.depends_on_id
          where d.job_id = a.id and (p.status <> 'completed' or exists (select from targets o where o.id = p.id))) p on true
        group by a.id, a.reopened
      ), moved as (
        update aidp.jobs j
        set status = case when not m.reopened or m.missing > 0 or j.fan_out_id is not null then 'waiting' else 'queued' end,
            reason = case when m.reopened and j.fan_out_id is not null then 'waits for a place among its items'
                          when m.missing > 0 then 'needs ' || m.names end,
            pending_dependencies = case when m.reopened and j.fan_out_id is not null then 1 else m.missing end,
            attempt = case when m.reopened then 0 else j.attempt end,
            crash_count = case when m.reopened then 0 else j.crash_count end,
            cancel_requested_at = null,
            wake_at = case when m.reopened then null else j.wake_at end,
            completed_at = null, error = null, error_class = null, exit_code = null,
            session_id = case when ? or not m.reopened then j.session_id end
        from missing m
        where j.id = m.id
        returning j.id, j.status, coalesce(j.host, '') as host, j.provider, j.priority, j.in_pipeline, j.run_id, j.fan_out_id,
                  m.reopened
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from moved where status = 'queued'
      )
      select * from moved
      """;

  private ReopenJobs() {}

  /// @param jobIds jobs that have ended
  /// @return keys under which jobs were lined up
  static Set<ClaimKey> reopen(Connection connection, Collection<Long> jobIds, RetryJob.From from)
      throws SQLException {
    Set<ClaimKey> ready = new HashSet<>();
    Set<Long> fanOuts = new TreeSet<>();
    Map<UUID, Integer> runs = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(1, connection.createArrayOf("bigint", jobIds.toArray()));
      statement.setBoolean(2, from == RetryJob.From.SESSION);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getString("status").equals("queued")) {
            ready.add(
                new ClaimKey(
                    row.getString("host"), row.getString("provider"), row.getInt("priority")));
          }
          if (row.getBoolean("reopened") && row.getBoolean("in_pipeline")) {
            runs.merge(row.getObject("run_id", UUID.class), 1, Integer::sum);
          }
          long fanOut = row.getLong("fan_out_id");
          if (row.getBoolean("reopened") && fanOut != 0) {
            fanOuts.add(fanOut);
          }
        }
      }
    }
    ready.addAll(FanOuts.lookAgain(connection, fanOuts));
    for (Map.Entry<UUID, Integer> run : runs.entrySet()) {
      RunProgress.added(connection, run.getKey(), run.getValue());
    }
    return ready;
  }
}
