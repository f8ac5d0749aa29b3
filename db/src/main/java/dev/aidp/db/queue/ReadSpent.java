package dev.aidp.db.queue;

import dev.aidp.core.job.Spent;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// What has been spent beside one execution: by the earlier ones of its job, by its run, and by its
/// workspace on this day. Ended executions count with what they used, running ones with what they
/// had used a few seconds ago.
public final class ReadSpent {
  // A day is one of UTC, and an execution counts on the day of its end. The leases are few.
  private static final String SQL =
      """
      with mine as (
        select id, run_id, workspace_identity,
               date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC' as day
        from aidp.jobs where id = ?
      ), spent as (
        select 'job' as scope, e.cost_usd, e.usage from mine m join aidp.executions e on e.job_id = m.id
        union all
        select 'run', e.cost_usd, e.usage from mine m
        join aidp.jobs j on j.run_id = m.run_id join aidp.job_executions e on e.job_id = j.id where e.id <> ?
        union all
        select 'day', e.cost_usd, e.usage from mine m
        join aidp.executions e on e.completed_at >= m.day and e.usage is not null
        join aidp.jobs j on j.id = e.job_id and j.workspace_identity = m.workspace_identity
        where ?
        union all
        select 'day', l.cost_usd, l.usage from mine m
        cross join aidp.leases l join aidp.jobs j on j.id = l.job_id and j.workspace_identity = m.workspace_identity
        where ? and l.execution_id <> ?
      )
      select m.day + interval '1 day' as next_day, s.*
      from mine m cross join (
        select coalesce(sum(cost_usd) filter (where scope = 'job'), 0) as job_usd,
               coalesce(sum((usage ->> 'inputTokens')::bigint + (usage ->> 'outputTokens')::bigint) filter (where scope = 'job'), 0) as job_tokens,
               coalesce(sum(cost_usd) filter (where scope = 'run'), 0) as run_usd,
               coalesce(sum((usage ->> 'inputTokens')::bigint + (usage ->> 'outputTokens')::bigint) filter (where scope = 'run'), 0) as run_tokens,
               coalesce(sum(cost_usd) filter (where scope = 'day'), 0) as day_usd,
               coalesce(sum((usage ->> 'inputTokens')::bigint + (usage ->> 'outputTokens')::bigint) filter (where scope = 'day'), 0) as day_tokens
        from spent) s
      """;

  private ReadSpent() {}

  /// All without the execution itself.
  ///
  /// @param job by the other executions of the job
  /// @param run by the run that it belongs to, its own job included
  /// @param day by the jobs of its workspace since midnight; nothing if it was not asked for
  /// @param nextDay the next midnight, by the database's clock
  public record Others(Spent job, Spent run, Spent day, Instant nextDay) {
    public static final Others NONE = new Others(Spent.NONE, Spent.NONE, Spent.NONE, Instant.EPOCH);
  }

  /// @param withDay whether the day's sum is wanted, which costs most
  public static Others beside(Connection connection, LeaseRef lease, boolean withDay)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, lease.jobId());
      statement.setLong(2, lease.executionId());
      statement.setBoolean(3, withDay);
      statement.setBoolean(4, withDay);
      statement.setLong(5, lease.executionId());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? others(row) : Others.NONE;
      }
    }
  }

  private static Others others(ResultSet row) throws SQLException {
    return new Others(
        spent(row, "job"),
        spent(row, "run"),
        spent(row, "day"),
        row.getObject("next_day", OffsetDateTime.class).toInstant());
  }

  private static Spent spent(ResultSet row, String scope) throws SQLException {
    BigDecimal usd = row.getBigDecimal(scope + "_usd");
    return new Spent(usd, row.getLong(scope + "_tokens"));
  }
}
