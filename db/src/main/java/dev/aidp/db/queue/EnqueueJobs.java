package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Queues a job: the row, its place in line, what it waits for, and the wake-up.
public final class EnqueueJobs {
  private static final String INSERT =
      """
      with spec as (
        select coalesce(?::timestamptz, clock_timestamp() + ?::bigint * interval '1 ms') as start_at, ?::int as missing, ?::text as waits_for
      ), timed as (
        select start_at, missing, waits_for, coalesce(start_at > clock_timestamp(), false) as later from spec
      ), job as (
        insert into aidp.jobs (run_id, node, name, provider, model, prompt, workspace, workspace_identity, host, priority, run_at,
                               timeout, max_attempts, max_crashes, rerun, options, metadata, idempotency_key,
                               pending_dependencies, status, reason, wake_at)
        select coalesce(?::uuid, gen_random_uuid()), ?, ?, ?, ?, ?, ?, ?, ?, ?::smallint, t.start_at,
               ?::bigint * interval '1 ms', ?, ?, ?, ?::jsonb, ?::jsonb, ?,
               t.missing,
               case when t.missing > 0 or t.later then 'waiting' else 'queued' end,
               case when t.missing > 0 then 'needs ' || t.waits_for
                    when t.later then 'starts at ' || to_char(t.start_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
               case when t.later then t.start_at end
        from timed t
        on conflict (workspace_identity, idempotency_key) where idempotency_key is not null do nothing
        returning id, run_id, status, host, provider, priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select coalesce(host, ''), provider, priority, clock_timestamp(), id from job where status = 'queued'
      )
      select id, run_id, status, case when status = 'queued' then aidp.notify_ready(host, provider, priority)::text end from job
      """;

  private static final String BY_KEY =
      "select id, run_id, provider, prompt from aidp.jobs where workspace_identity = ? and"
          + " idempotency_key = ?";

  // Shared locks keep a dependency from completing between this look and the new row's commit.
  private static final String DEPENDENCIES =
      "select id, coalesce(node, name) as name, status from aidp.jobs where id = any (?::bigint[])"
          + " order by id for share";

  private EnqueueJobs() {}

  /// What was queued.
  ///
  /// @param created false: the key existed, and this is the job that has it
  /// @param sameContent whether provider and prompt are those asked for
  public record Enqueued(long jobId, UUID runId, boolean created, boolean sameContent) {}

  /// Commits. Concurrent callers with one key get one job.
  ///
  /// @throws AidpException NOT_FOUND if a job that it needs does not exist or did not complete
  public static Enqueued enqueue(Connection connection, JobSpec spec) throws SQLException {
    return enqueue(connection, spec, List.of());
  }

  /// As [#enqueue], on condition that somebody agrees ([AnswerStep]) with the result of some of the
  /// jobs that it needs.
  ///
  /// @param approvals what is waited for, one for each such job, for the reason
  public static Enqueued enqueue(Connection connection, JobSpec spec, List<String> approvals)
      throws SQLException {
    if (spec.key() == null && spec.needs().isEmpty()) {
      // One statement is a transaction of its own, and one round trip.
      return insert(connection, spec, new Missing(0, ""));
    }
    return Transaction.run(
        connection,
        transaction -> {
          // Before what it needs: that may have failed since the first call with this key.
          Enqueued existing = spec.key() == null ? null : byKey(transaction, spec);
          if (existing != null) {
            return existing;
          }
          Missing missing = missing(transaction, spec).and(approvals);
          Enqueued enqueued = insert(transaction, spec, missing);
          if (enqueued.created() && !spec.needs().isEmpty()) {
            linkDependencies(transaction, enqueued.jobId(), spec);
          }
          return enqueued;
        });
  }

  private record Missing(int count, String names) {
    Missing and(List<String> more) {
      String together = String.join(", ", more);
      return more.isEmpty()
          ? this
          : new Missing(count + more.size(), names.isEmpty() ? together : names + ", " + together);
    }
  }

  private static Missing missing(Connection connection, JobSpec spec) throws SQLException {
    if (spec.needs().isEmpty()) {
      return new Missing(0, "");
    }
    StringBuilder names = new StringBuilder();
    int missing = 0;
    int found = 0;
    try (PreparedStatement statement = connection.prepareStatement(DEPENDENCIES)) {
      statement.setArray(1, connection.createArrayOf("bigint", spec.needs().toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found++;
          JobStatus status = JobStatus.ofWord(rows.getString("status"));
          if (status == JobStatus.FAILED || status == JobStatus.INTERRUPTED) {
            throw new AidpException(
                ErrorCategory.NOT_FOUND,
                "job %d, which this one needs, is %s".formatted(rows.getLong("id"), status.word()),
                "aidp jobs retry " + rows.getLong("id"));
          }
          if (status != JobStatus.COMPLETED) {
            names.append(missing++ == 0 ? "" : ", ").append(rows.getString("name"));
          }
        }
      }
    }
    if (found < spec.needs().stream().distinct().count()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND, "a job that this one needs does not exist", "aidp jobs list");
    }
    return new Missing(missing, names.toString());
  }

  private static Enqueued insert(Connection connection, JobSpec spec, Missing missing)
      throws SQLException {
    while (true) {
      try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
        bind(statement, spec, missing);
        try (ResultSet row = statement.executeQuery()) {
          if (row.next()) {
            return new Enqueued(row.getLong(1), row.getObject(2, UUID.class), true, true);
          }
        }
      }
      Enqueued existing = byKey(connection, spec);
      if (existing != null) {
        return existing;
      }
      // The job with this key was pruned between the two statements: insert again.
    }
  }

  private static void bind(PreparedStatement statement, JobSpec spec, Missing missing)
      throws SQLException {
    JobSpec.Work work = spec.work();
    JobSpec.Schedule schedule = spec.schedule();
    JobSpec.Limits limits = spec.limits();
    int i = 0;
    statement.setObject(
        ++i,
        schedule.at() == null ? null : OffsetDateTime.ofInstant(schedule.at(), ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
    statement.setObject(
        ++i, schedule.delay() == null ? null : schedule.delay().toMillis(), Types.BIGINT);
    statement.setInt(++i, missing.count());
    statement.setString(++i, missing.names());
    statement.setObject(++i, spec.runId(), Types.OTHER);
    statement.setString(++i, text(spec.node()));
    statement.setString(++i, text(spec.name()));
    statement.setString(++i, work.provider());
    statement.setString(++i, text(work.model()));
    statement.setString(++i, text(work.prompt()));
    statement.setString(
        ++i, spec.place().workspace() == null ? null : spec.place().workspace().toString());
    statement.setString(++i, spec.place().identity());
    statement.setString(++i, spec.place().host());
    statement.setInt(++i, schedule.priority());
    statement.setObject(
        ++i, limits.timeout() == null ? null : limits.timeout().toMillis(), Types.BIGINT);
    statement.setInt(++i, limits.maxAttempts());
    statement.setInt(++i, limits.maxCrashes());
    statement.setBoolean(++i, limits.rerun());
    statement.setString(++i, SafeText.storableJson(JobOptions.json(spec)));
    statement.setString(
        ++i, SafeText.storableJson(JsonMapper.shared().writeValueAsString(spec.metadata())));
    statement.setString(++i, spec.key());
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null ? null : SafeText.storable(text);
  }

  private static @Nullable Enqueued byKey(Connection connection, JobSpec spec) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY_KEY)) {
      statement.setString(1, spec.place().identity());
      statement.setString(2, spec.key());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        boolean same =
            row.getString("provider").equals(spec.work().provider())
                && row.getString("prompt").equals(text(spec.work().prompt()));
        return new Enqueued(row.getLong("id"), row.getObject("run_id", UUID.class), false, same);
      }
    }
  }

  private static void linkDependencies(Connection connection, long jobId, JobSpec spec)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into aidp.job_dependencies (depends_on_id, job_id) select distinct"
                + " unnest(?::bigint[]), ?")) {
      statement.setArray(1, connection.createArrayOf("bigint", spec.needs().toArray()));
      statement.setLong(2, jobId);
      statement.executeUpdate();
    }
  }
}
