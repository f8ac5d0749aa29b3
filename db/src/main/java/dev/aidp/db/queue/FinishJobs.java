package dev.aidp.db.queue;

import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.text.SafeText;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ends executions: drops their leases, moves their jobs, writes their history, releases the jobs
/// that waited for them and pauses providers that are at their limit, all of a batch in one
/// transaction.
///
/// Safe to repeat when a connection was lost after COMMIT: an execution that this batch has already
/// ended is told from one that was lost to another worker.
public final class FinishJobs {
  // The delete of the lease is the fence: whoever deletes it owns the transition. A batch may hold
  // a lost and the current execution of one job, so everything follows from the deleted rows.
  private static final String SQL =
      """
      with fenced as (
        delete from aidp.leases l
        using unnest(?::bigint[], ?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::boolean[], ?::boolean[],
                     ?::bigint[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::text[],
                     ?::numeric[], ?::boolean[])
          as i(job_id, execution_id, token, execution_status, job_status, refund, crash, delay_ms, reason, error,
               error_class, exit_code, result, session_id, usage, cost_usd, cost_estimated)
        where l.job_id = i.job_id and l.execution_id = i.execution_id and l.token = i.token
        returning l.job_id, l.execution_id, l.attempt, l.worker_id, l.pid, l.started_at, l.log_seq,
                  coalesce(i.session_id, l.session_id) as session_id,
                  i.execution_status, i.job_status, i.job_status in ('queued', 'waiting') as again,
                  i.refund::int as refund, i.crash::int as crash, clock_timestamp() + i.delay_ms * interval '1 ms' as wake_at,
                  i.reason, i.error, i.error_class, i.exit_code, i.result,
                  -- Of a worker that is gone, what it had stored counts.
                  coalesce(i.usage::jsonb, l.usage) as usage,
                  case when i.usage is null then coalesce(i.cost_usd, l.cost_usd) else i.cost_usd end as cost_usd,
                  case when i.usage is null and i.cost_usd is null then l.cost_estimated else i.cost_estimated end as cost_estimated
      ), moved as (
        update aidp.jobs j
        set status = case when f.again and j.cancel_requested_at is not null then 'interrupted' else f.job_status end,
            reason = case when f.again and j.cancel_requested_at is not null then 'cancelled'
                          when f.wake_at is null then f.reason
                          else concat_ws(', ', f.reason, 'until ' || to_char(f.wake_at at time zone 'UTC',
                                                                             'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end,
            error_class = case when f.again and j.cancel_requested_at is not null then 'cancelled' else f.error_class end,
            completed_at = case when f.again and j.cancel_requested_at is null then null else clock_timestamp() end,
            wake_at = case when j.cancel_requested_at is null then f.wake_at end,
            cancel_requested_at = null,
            attempt = j.attempt - f.refund,
            crash_count = j.crash_count + f.crash,
            session_id = coalesce(f.session_id, j.session_id),
            error = f.error, exit_code = f.exit_code
        from fenced f
        where j.id = f.job_id
        returning f.execution_id, j.id, j.status, coalesce(j.host, '') as host, j.provider, j.priority,
                  j.in_pipeline, j.run_id, j.fan_out_id
      ), history as (
        insert into aidp.executions (job_id, attempt, id, status, worker_id, pid, started_at, exit_code, error, error_class,
                                     session_id, usage, cost_usd, cost_estimated, result, log_seq)
        select job_id, attempt, execution_id, execution_status, worker_id, pid, started_at, exit_code, error, error_class,
               session_id, usage, cost_usd, cost_estimated, result, log_seq
        from fenced
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from moved where status = 'queued'
      )
      select *, exists (select from aidp.workspace_holds) as held from moved
      """;

  private static final String ALREADY_ENDED =
      """
      select e.id from aidp.executions e
      join unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[]) as i(job_id, execution_id, status, error_class)
        on e.job_id = i.job_id and e.id = i.execution_id
           and e.status = i.status and e.error_class is not distinct from i.error_class
      """;

  private FinishJobs() {}

  /// One execution that ended.
  ///
  /// @param node what it brings with it as a pipeline's node, or as an approval; null: nothing
  /// @param alternative who goes on with its job instead of waiting for a usage limit to end; null:
  ///   nobody
  public record Ended(
      LeaseRef lease,
      Transition transition,
      Figures figures,
      @Nullable NodeEnd node,
      @Nullable Alternative alternative) {
    public Ended(LeaseRef lease, Transition transition, Figures figures) {
      this(lease, transition, figures, null, null);
    }

    public Ended(LeaseRef lease, Transition transition, Figures figures, @Nullable NodeEnd node) {
      this(lease, transition, figures, node, null);
    }
  }

  /// What became of a batch.
  ///
  /// @param lost executions that somebody else had ended: their results were refused
  /// @param ready keys under which jobs can now be claimed
  public record Result(Set<Long> lost, Set<ClaimKey> ready) {}

  /// Commits. The connection must be in autocommit mode, and is so again afterwards. Runs again by
  /// itself after a deadlock.
  public static Result finish(Connection connection, List<Ended> batch) throws SQLException {
    List<Ended> ordered = new ArrayList<>(batch);
    ordered.sort(Comparator.comparingLong(ended -> ended.lease().jobId()));
    Moved moved =
        Transaction.run(
            connection,
            transaction -> {
              Moved written = write(transaction, ordered);
              written.ready().addAll(NodeEnds.store(transaction, ordered, written.nodes()));
              if (!written.completed().isEmpty()) {
                written.ready().addAll(Dependents.release(transaction, written.completed()));
              }
              List<EndedNode> endedNodes = new ArrayList<>();
              if (!written.failed().isEmpty()) {
                endedNodes.addAll(Dependents.interrupt(transaction, written.failed()));
              }
              PauseProvider.pause(transaction, ordered, written.executions());
              written.nodes().values().stream()
                  .filter(node -> node.inPipeline() && node.status().ended())
                  .forEach(node -> endedNodes.add(new EndedNode(node.runId(), node.fanOutId())));
              written.ready().addAll(RunProgress.ended(transaction, endedNodes));
              NodeEnds.report(transaction, ordered, written.nodes());
              written.ready().addAll(DivertJobs.ended(transaction, ordered, written.executions()));
              return written;
            });
    Set<Long> lost = new HashSet<>();
    ordered.forEach(ended -> lost.add(ended.lease().executionId()));
    lost.removeAll(moved.executions());
    if (!lost.isEmpty()) {
      lost.removeAll(alreadyEnded(connection, ordered));
    }
    return new Result(lost, moved.ready());
  }

  /// @param executions that this batch has ended
  /// @param completed jobs, and so on
  /// @param nodes those of pipelines, and those that bring something with them, by execution
  private record Moved(
      Set<Long> executions,
      List<Long> completed,
      List<Long> failed,
      Set<ClaimKey> ready,
      Map<Long, NodeEnds.Standing> nodes) {}

  private static Moved write(Connection connection, List<Ended> batch) throws SQLException {
    Moved moved =
        new Moved(
            new HashSet<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashSet<>(),
            new HashMap<>());
    Set<Long> bringing = new HashSet<>();
    for (Ended ended : batch) {
      if (ended.node() != null) {
        bringing.add(ended.lease().executionId());
      }
    }
    boolean held = false;
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      bind(connection, statement, batch);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          held = row.getBoolean("held");
          long executionId = row.getLong("execution_id");
          moved.executions().add(executionId);
          if (row.getBoolean("in_pipeline") || bringing.contains(executionId)) {
            moved.nodes().put(executionId, NodeEnds.Standing.of(row));
          }
          switch (JobStatus.ofWord(row.getString("status"))) {
            case COMPLETED -> moved.completed().add(row.getLong("id"));
            case FAILED, INTERRUPTED -> moved.failed().add(row.getLong("id"));
            case QUEUED ->
                moved
                    .ready()
                    .add(
                        new ClaimKey(
                            row.getString("host"),
                            row.getString("provider"),
                            row.getInt("priority")));
            case RUNNING, WAITING -> {}
          }
        }
      }
    }
    if (held) {
      moved.ready().addAll(FreeWorkspaces.freed(connection));
    }
    return moved;
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
    binder.add("text", e -> UsageText.json(e.figures().usage()));
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

  /// Executions of the batch that have ended just so: by this batch, in a transaction whose answer
  /// was lost.
  private static Set<Long> alreadyEnded(Connection connection, List<Ended> batch)
      throws SQLException {
    Set<Long> stored = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(ALREADY_ENDED)) {
      Binder binder = new Binder(connection, statement, batch);
      binder.add("bigint", e -> e.lease().jobId());
      binder.add("bigint", e -> e.lease().executionId());
      binder.add("text", e -> e.transition().execution().word());
      binder.add("text", FinishJobs::errorClass);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stored.add(rows.getLong(1));
        }
      }
    }
    return stored;
  }
}
