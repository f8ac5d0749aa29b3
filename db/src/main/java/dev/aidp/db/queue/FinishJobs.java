package dev.aidp.db.queue;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.text.SafeText;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ends executions: drops their leases, moves their jobs, writes their history and releases the
/// jobs that waited for them, all of a batch in one transaction.
///
/// Safe to repeat when a connection was lost after COMMIT: an execution that this batch has already
/// ended is told from one that was lost to another worker.
public final class FinishJobs {
  // The delete of the lease is the fence: whoever deletes it owns the transition. Jobs are then
  // locked in the order of their ids, parents and children in one statement, so that two
  // completions that release the same child do not deadlock.
  private static final String SQL =
      """
      with input as (
        select * from unnest(?::bigint[], ?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::boolean[], ?::boolean[],
                             ?::bigint[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[],
                             ?::numeric[], ?::boolean[])
          as i(job_id, execution_id, token, execution_status, job_status, refund, crash, delay_ms, reason, error,
               error_class, exit_code, result, session_id, usage, cost_usd, cost_estimated)
      ), fenced as (
        delete from aidp.leases l using input i
        where l.job_id = i.job_id and l.execution_id = i.execution_id and l.token = i.token
        returning l.job_id, l.execution_id, l.attempt, l.worker_id, l.pid, l.started_at, l.session_id as stored_session,
                  l.log_seq
      ), waiters as (
        select d.job_id, count(*)::int as satisfied
        from fenced f
        join input i on i.job_id = f.job_id and i.job_status = 'completed'
        join aidp.job_dependencies d on d.depends_on_id = f.job_id
        group by d.job_id
      ), locked as materialized (
        select j.id from aidp.jobs j
        where j.id = any (array(select job_id from fenced union all select job_id from waiters))
        order by j.id
        for update of j
      ), moved as (
        update aidp.jobs j
        set status = case when j.cancel_requested_at is not null and i.job_status in ('queued', 'waiting') then 'interrupted'
                          else i.job_status end,
            reason = case when j.cancel_requested_at is not null and i.job_status in ('queued', 'waiting') then 'cancelled'
                          when i.delay_ms is null then i.reason
                          else i.reason || ', until ' || to_char((clock_timestamp() + i.delay_ms * interval '1 ms') at time zone 'UTC',
                                                                 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
            attempt = j.attempt - case when i.refund then 1 else 0 end,
            crash_count = j.crash_count + case when i.crash then 1 else 0 end,
            wake_at = case when j.cancel_requested_at is null then clock_timestamp() + i.delay_ms * interval '1 ms' end,
            completed_at = case when j.cancel_requested_at is not null or i.job_status in ('completed', 'failed', 'interrupted')
                                then clock_timestamp() end,
            cancel_requested_at = null,
            session_id = coalesce(i.session_id, f.stored_session, j.session_id),
            error = i.error, exit_code = i.exit_code,
            error_class = case when j.cancel_requested_at is not null and i.job_status in ('queued', 'waiting') then 'cancelled'
                               else i.error_class end
        from fenced f
        join input i on i.job_id = f.job_id
        where j.id = f.job_id and j.id = any (array(select id from locked))
        returning j.id, j.status, j.host, j.provider, j.priority
      ), history as (
        insert into aidp.executions (job_id, attempt, id, status, worker_id, pid, started_at, exit_code, error, error_class,
                                     session_id, usage, cost_usd, cost_estimated, result, log_seq)
        select f.job_id, f.attempt, f.execution_id, i.execution_status, f.worker_id, f.pid, f.started_at, i.exit_code, i.error,
               i.error_class, coalesce(i.session_id, f.stored_session), i.usage::jsonb, i.cost_usd, i.cost_estimated, i.result,
               f.log_seq
        from fenced f join input i on i.job_id = f.job_id
      ), released as (
        update aidp.jobs j
        set pending_dependencies = j.pending_dependencies - w.satisfied,
            status = case when j.pending_dependencies <= w.satisfied and j.wake_at is null then 'queued' else 'waiting' end,
            reason = case when j.pending_dependencies > w.satisfied then j.reason
                          when j.wake_at is null then null
                          else 'starts at ' || to_char(j.wake_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end
        from waiters w
        where j.id = w.job_id and j.status = 'waiting' and j.id = any (array(select id from locked))
        returning j.id, j.status, j.host, j.provider, j.priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select coalesce(r.host, ''), r.provider, r.priority, clock_timestamp(), r.id
        from (select * from moved union all select * from released) r
        where r.status = 'queued'
        returning host, provider, priority, job_id
      )
      select m.id, m.status, l.host, l.provider, l.priority
      from moved m left join lined_up l on l.job_id = m.id
      union all
      select null, null, l.host, l.provider, l.priority
      from lined_up l where l.job_id not in (select id from moved)
      """;

  private static final String ALREADY_ENDED =
      """
      select e.job_id from aidp.executions e
      join unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[]) as i(job_id, execution_id, status, error_class)
        on e.job_id = i.job_id and e.id = i.execution_id
           and e.status = i.status and e.error_class is not distinct from i.error_class
      """;

  // A job whose dependency did not complete will never start by itself. Union, not union all: the
  // graph may have diamonds.
  private static final String INTERRUPT_DEPENDENTS =
      """
      with recursive lost(job_id, because) as (
        select d.job_id, coalesce(p.node, p.name) || ' (' || p.status || ')'
        from aidp.job_dependencies d join aidp.jobs p on p.id = d.depends_on_id
        where d.depends_on_id = any (?::bigint[])
        union
        select d.job_id, l.because from lost l join aidp.job_dependencies d on d.depends_on_id = l.job_id
      ), locked as materialized (
        select j.id from aidp.jobs j
        where j.id = any (array(select job_id from lost)) and j.status = 'waiting'
        order by j.id
        for update of j
      )
      update aidp.jobs j
      set status = 'interrupted', reason = 'needs ' || l.because, wake_at = null, completed_at = clock_timestamp()
      from (select job_id, min(because) as because from lost group by job_id) l
      where j.id = l.job_id and j.id = any (array(select id from locked))
      """;

  private FinishJobs() {}

  /// One execution that ended.
  public record Ended(LeaseRef lease, Transition transition, Figures figures) {}

  /// What became of a batch.
  ///
  /// @param lost executions that somebody else had ended: their results were refused
  /// @param ready keys under which jobs can now be claimed
  public record Result(Set<Long> lost, Set<ClaimKey> ready) {}

  /// Commits. The connection must be in autocommit mode, and is so again afterwards.
  public static Result finish(Connection connection, List<Ended> batch) throws SQLException {
    List<Ended> ordered = new ArrayList<>(batch);
    ordered.sort(Comparator.comparingLong(ended -> ended.lease().jobId()));
    Set<Long> ended = new HashSet<>();
    Set<Long> failed = new HashSet<>();
    Set<ClaimKey> ready = new HashSet<>();
    connection.setAutoCommit(false);
    try {
      write(connection, ordered, ended, failed, ready);
      if (!failed.isEmpty()) {
        interruptDependents(connection, failed);
      }
      connection.commit();
    } catch (SQLException e) {
      rollbackQuietly(connection, e);
      throw e;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
    Set<Long> lost = new HashSet<>();
    ordered.stream().map(e -> e.lease().executionId()).forEach(lost::add);
    ordered.stream()
        .filter(e -> ended.contains(e.lease().jobId()))
        .forEach(e -> lost.remove(e.lease().executionId()));
    if (!lost.isEmpty()) {
      removeAlreadyEnded(connection, ordered, lost);
    }
    return new Result(lost, ready);
  }

  /// Interrupts, transitively, what waits for jobs that did not complete. Part of the caller's
  /// transaction.
  static void interruptDependents(Connection connection, Set<Long> jobIds) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INTERRUPT_DEPENDENTS)) {
      statement.setArray(1, connection.createArrayOf("bigint", jobIds.toArray()));
      statement.executeUpdate();
    }
  }

  private static void write(
      Connection connection,
      List<Ended> batch,
      Set<Long> ended,
      Set<Long> failed,
      Set<ClaimKey> ready)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      bind(connection, statement, batch);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long jobId = rows.getLong("id");
          if (!rows.wasNull()) {
            ended.add(jobId);
            JobStatus status = JobStatus.ofWord(rows.getString("status"));
            if (status == JobStatus.FAILED || status == JobStatus.INTERRUPTED) {
              failed.add(jobId);
            }
          }
          String host = rows.getString("host");
          if (host != null) {
            ready.add(new ClaimKey(host, rows.getString("provider"), rows.getInt("priority")));
          }
        }
      }
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, List<Ended> batch)
      throws SQLException {
    Binder binder = new Binder(connection, statement, batch);
    binder.add("bigint", e -> e.lease().jobId());
    binder.add("bigint", e -> e.lease().executionId());
    binder.add("uuid", e -> e.lease().token());
    binder.add("text", e -> e.transition().execution().word());
    binder.add("text", e -> e.transition().job().word());
    binder.add("boolean", e -> e.transition().refund());
    binder.add("boolean", e -> e.transition().crash());
    binder.add("bigint", e -> millis(e.transition().delay()));
    binder.add("text", e -> text(e.transition().reason()));
    binder.add("text", e -> text(e.transition().error()));
    binder.add("text", FinishJobs::errorClass);
    binder.add("int", e -> e.figures().exitCode());
    binder.add("text", e -> text(e.figures().result()));
    binder.add("text", e -> text(e.figures().sessionId()));
    binder.add("text", e -> usageJson(e.figures().usage()));
    binder.add("numeric", e -> e.figures().costUsd());
    binder.add("boolean", e -> e.figures().costEstimated());
  }

  private static final class Binder {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<Ended> batch;
    private int index;

    Binder(Connection connection, PreparedStatement statement, List<Ended> batch) {
      this.connection = connection;
      this.statement = statement;
      this.batch = batch;
    }

    void add(String type, Function<Ended, @Nullable Object> value) throws SQLException {
      @Nullable Object[] values = new @Nullable Object[batch.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value.apply(batch.get(i));
      }
      Array array = connection.createArrayOf(type, values);
      statement.setArray(++index, array);
    }
  }

  private static @Nullable String errorClass(Ended ended) {
    ErrorClass errorClass = ended.transition().errorClass();
    return errorClass == null ? null : errorClass.word();
  }

  private static @Nullable Long millis(@Nullable Duration delay) {
    return delay == null ? null : delay.toMillis();
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null ? null : SafeText.storable(text);
  }

  private static @Nullable String usageJson(Usage usage) {
    return usage.equals(Usage.NONE)
        ? null
        : "{\"inputTokens\":%d,\"outputTokens\":%d,\"cachedTokens\":%d}"
            .formatted(usage.inputTokens(), usage.outputTokens(), usage.cachedTokens());
  }

  private static void removeAlreadyEnded(Connection connection, List<Ended> batch, Set<Long> lost)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ALREADY_ENDED)) {
      Binder binder = new Binder(connection, statement, batch);
      binder.add("bigint", e -> e.lease().jobId());
      binder.add("bigint", e -> e.lease().executionId());
      binder.add("text", e -> e.transition().execution().word());
      binder.add("text", FinishJobs::errorClass);
      Set<Long> stored = new HashSet<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stored.add(rows.getLong(1));
        }
      }
      batch.stream()
          .filter(e -> stored.contains(e.lease().jobId()))
          .forEach(e -> lost.remove(e.lease().executionId()));
    }
  }

  private static void rollbackQuietly(Connection connection, SQLException cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
