package dev.aidp.db.read;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.job.Usage;
import dev.aidp.core.secret.SecretMask;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Jobs and their executions, as users see them: names and prompts, which are stored as they were
/// given, come without secrets.
public final class ReadJobs {
  private static final String COLUMNS =
      """
      select j.id, j.name, j.run_id, j.node, j.provider, j.model, %s as status, j.priority, j.attempt, j.max_attempts, j.crash_count,
             j.workspace, j.host, j.created_at, j.started_at, j.completed_at, j.error, j.error_class, j.exit_code,
             coalesce(l.session_id, j.session_id) as session_id, j.metadata, l.progress,
             coalesce(j.options ->> 'shownPrompt', j.prompt) as prompt, j.options ->> 'worktreePath' as worktree,
             case when ? then x.result end as result,
             (extract(epoch from case when j.status = 'running' then clock_timestamp() - l.started_at else x.completed_at - x.started_at end) * 1000)::bigint as duration,
             u.input_tokens + coalesce((l.usage ->> 'inputTokens')::bigint, 0) as input_tokens,
             u.output_tokens + coalesce((l.usage ->> 'outputTokens')::bigint, 0) as output_tokens,
             u.cached_tokens + coalesce((l.usage ->> 'cachedTokens')::bigint, 0) as cached_tokens,
             coalesce(u.cost_usd + l.cost_usd, u.cost_usd, l.cost_usd) as cost_usd,
             u.cost_estimated or coalesce(l.cost_estimated, false) as cost_estimated,
             case
               when held.reason is not null then held.reason
               when j.status = 'queued' and not exists (
                 select from aidp.workers w
                 where w.ended_at is null and not w.draining and (j.host is null or w.host = j.host) and split_part(j.provider, ':', 1) = any (w.providers)
                   and w.last_seen_at > clock_timestamp() - interval '30 s')
               then case when j.host is null then 'no live worker takes ' || regexp_replace(j.provider, '^[^:]*:', '')
                         else 'no live worker on ' || j.host || ' takes ' || regexp_replace(j.provider, '^[^:]*:', '') end
               when j.status = 'running' and j.cancel_requested_at is not null then 'cancel requested'
               else j.reason end as reason
      from aidp.jobs j
      left join aidp.leases l on l.job_id = j.id
      left join lateral (
        select e.started_at, e.completed_at, e.result from aidp.executions e where e.job_id = j.id order by e.attempt desc limit 1) x on true
      left join lateral (
        select coalesce(sum((e.usage ->> 'inputTokens')::bigint), 0) as input_tokens,
               coalesce(sum((e.usage ->> 'outputTokens')::bigint), 0) as output_tokens,
               coalesce(sum((e.usage ->> 'cachedTokens')::bigint), 0) as cached_tokens,
               sum(e.cost_usd) as cost_usd, coalesce(bool_or(e.cost_estimated), false) as cost_estimated
        from aidp.executions e where e.job_id = j.id) u on true
      """
              .formatted(HeldJobs.STATUS)
          + HeldJobs.JOIN;

  private static final String BY_IDS =
      COLUMNS + "where j.id = any (?::bigint[]) order by j.id desc";

  private static final String EXECUTIONS =
      """
      select e.*, w.host, (extract(epoch from coalesce(e.completed_at, clock_timestamp()) - e.started_at) * 1000)::bigint as duration
      from aidp.job_executions e left join aidp.workers w on w.id = e.worker_id
      where e.job_id = ? order by e.attempt
      """;

  private ReadJobs() {}

  /// What to list; null fields do not restrict.
  ///
  /// @param run the first and last UUID of a prefix
  /// @param beforeId only jobs older than this one
  public record Filter(
      @Nullable JobStatus status,
      @Nullable String provider,
      @Nullable UuidRange run,
      @Nullable Long beforeId,
      int limit) {}

  /// All UUIDs that begin with a prefix.
  public record UuidRange(UUID first, UUID last) {

    /// @param prefix 4 to 32 hexadecimal digits, hyphens where a UUID has them
    /// @return empty for anything else
    public static Optional<UuidRange> ofPrefix(String prefix) {
      String digits = prefix.replace("-", "").toLowerCase(java.util.Locale.ROOT);
      if (!digits.matches("[0-9a-f]{4,32}")) {
        return Optional.empty();
      }
      return Optional.of(
          new UuidRange(
              uuid(digits + "0".repeat(32 - digits.length())),
              uuid(digits + "f".repeat(32 - digits.length()))));
    }

    private static UUID uuid(String digits) {
      return new UUID(
          Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16));
    }
  }

  /// Newest first, with their results if asked for (they may be large).
  public static List<Job> list(Connection connection, Filter filter, boolean withResults)
      throws SQLException {
    List<Object> values = new ArrayList<>(List.of(withResults));
    // Only what restricts is in the statement: with "? is null or …" the plan would fit no case.
    StringBuilder sql = new StringBuilder(COLUMNS).append("where true");
    if (filter.status() != null) {
      // The stored one as well: it alone keeps the others from being looked at further.
      sql.append(" and j.status = any (?::text[]) and ").append(HeldJobs.STATUS).append(" = ?");
      values.add(
          filter.status() == JobStatus.WAITING
              ? "{queued,waiting}"
              : "{" + filter.status().word() + "}");
      values.add(filter.status().word());
    }
    if (filter.provider() != null) {
      sql.append(" and ? in (j.provider, regexp_replace(j.provider, '^[^:]*:', ''))");
      values.add(filter.provider());
    }
    if (filter.run() != null) {
      sql.append(" and j.run_id between ? and ?");
      values.add(filter.run().first());
      values.add(filter.run().last());
    }
    if (filter.beforeId() != null) {
      sql.append(" and j.id < ?");
      values.add(filter.beforeId());
    }
    values.add(filter.limit());
    try (PreparedStatement statement =
        connection.prepareStatement(sql.append(" order by j.id desc limit ?").toString())) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      return jobs(statement);
    }
  }

  /// Newest first; ids that do not exist are left out.
  public static List<Job> byIds(Connection connection, List<Long> ids, boolean withResults)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY_IDS)) {
      statement.setBoolean(1, withResults);
      statement.setArray(2, connection.createArrayOf("bigint", ids.toArray()));
      return jobs(statement);
    }
  }

  public static Optional<Job> byId(Connection connection, long id) throws SQLException {
    return byIds(connection, List.of(id), true).stream().findFirst();
  }

  /// In the order of their numbers; empty if the job never ran or does not exist.
  public static List<Execution> executions(Connection connection, long jobId) throws SQLException {
    List<Execution> executions = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(EXECUTIONS)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          executions.add(execution(row));
        }
      }
    }
    return executions;
  }

  private static List<Job> jobs(PreparedStatement statement) throws SQLException {
    List<Job> jobs = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        jobs.add(job(row));
      }
    }
    return jobs;
  }

  private static Job job(ResultSet row) throws SQLException {
    String workspace = row.getString("workspace");
    UUID runId = row.getObject("run_id", UUID.class);
    return new Job(
        row.getLong("id"),
        SecretMask.SHAPES.mask(row.getString("name")),
        runId,
        row.getString("node"),
        ProviderRef.of(row.getString("provider")).name(),
        row.getString("model"),
        JobStatus.ofWord(row.getString("status")),
        row.getString("reason"),
        row.getInt("priority"),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        row.getInt("crash_count"),
        SecretMask.SHAPES.mask(row.getString("prompt")),
        workspace,
        row.getString("host"),
        requireInstant(row, "created_at"),
        instant(row, "started_at"),
        instant(row, "completed_at"),
        duration(row),
        row.getString("error"),
        errorClass(row),
        integer(row, "exit_code"),
        row.getString("session_id"),
        row.getString("result"),
        row.getString("progress"),
        new Usage(
            row.getLong("input_tokens"),
            row.getLong("output_tokens"),
            row.getLong("cached_tokens")),
        row.getBigDecimal("cost_usd"),
        row.getBoolean("cost_estimated"),
        row.getString("metadata"),
        workspace == null
            ? null
            : Path.of(workspace, ".pipeline-runs", runId.toString()).toString(),
        row.getString("worktree"));
  }

  private static Execution execution(ResultSet row) throws SQLException {
    long workerId = row.getLong("worker_id");
    Long worker = row.wasNull() ? null : workerId;
    String usage = row.getString("usage");
    Duration duration = duration(row);
    return new Execution(
        row.getLong("id"),
        row.getLong("job_id"),
        row.getInt("attempt"),
        JobStatus.ofWord(row.getString("status")),
        worker,
        row.getString("host"),
        integer(row, "pid"),
        requireInstant(row, "started_at"),
        instant(row, "completed_at"),
        duration == null ? Duration.ZERO : duration,
        integer(row, "exit_code"),
        row.getString("error"),
        errorClass(row),
        row.getString("session_id"),
        usage == null ? Usage.NONE : UsageJson.read(usage),
        row.getBigDecimal("cost_usd"),
        row.getBoolean("cost_estimated"),
        row.getString("result"));
  }

  private static Instant requireInstant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  private static @Nullable ErrorClass errorClass(ResultSet row) throws SQLException {
    String word = row.getString("error_class");
    return word == null ? null : ErrorClass.ofWord(word);
  }

  private static @Nullable Duration duration(ResultSet row) throws SQLException {
    long millis = row.getLong("duration");
    return row.wasNull() ? null : Duration.ofMillis(Math.max(0, millis));
  }
}
