package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Answers an approval. Approved, its job completes and what needs it goes on. Rejected, the agents
/// whose jobs it needs directly go on in their sessions with the comment, and it is asked again
/// when they have; where there are none, its job fails.
public final class AnswerApproval {
  // The approval, what it needs, and the items of that: all that an answer may change, in the order
  // of all locks.
  private static final String LOCK =
      """
      select j.id, j.provider, j.status, coalesce(j.node, j.name) as name, j.pending_dependencies, j.in_pipeline, j.run_id,
             j.fan_out_id,
             exists (select from aidp.approvals a where a.job_id = j.id and a.answer is null) as asked
      from aidp.jobs j
      where j.id = ?
         or j.id in (select d.depends_on_id from aidp.job_dependencies d where d.job_id = ?)
         or j.fan_out_id in (select d.depends_on_id from aidp.job_dependencies d where d.job_id = ?)
      order by j.id
      for update of j
      """;

  private static final String ANSWER =
      """
      update aidp.approvals
      set answer = ?, answered_at = clock_timestamp(), answered_by = ?, comment = ?
      where job_id = ? and answer is null
      """;

  private static final String COMPLETE =
      """
      with done as (
        update aidp.jobs set status = 'completed', reason = null, completed_at = clock_timestamp() where id = ?
        returning id, run_id, coalesce(node, name) as node
      )
      insert into aidp.node_outputs (job_id, run_id, node, output)
      select id, run_id, node, ?::json from done
      on conflict (job_id) do update set output = excluded.output
      """;

  private static final String FAIL =
      """
      update aidp.jobs
      set status = 'failed', reason = null, completed_at = clock_timestamp(), error = ?, error_class = 'refused'
      where id = ?
      """;

  private static final String FEEDBACK =
      """
      update aidp.jobs set options = options || jsonb_build_object('feedback', ?::text) where id = any (?::bigint[])
      """;

  private AnswerApproval() {}

  /// What was answered.
  ///
  /// @param reopened jobs that run again because of a rejection
  public record Answered(long jobId, UUID runId, List<Long> reopened) {
    public Answered {
      reopened = List.copyOf(reopened);
    }
  }

  /// Commits, and wakes the workers.
  ///
  /// @param by who answers; @param comment becomes the output of the node, null for none
  /// @throws AidpException NOT_FOUND if there is no such job, or it waits for no answer
  public static Answered approve(
      Connection connection, long jobId, String by, @Nullable String comment) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          Locked approval = lock(transaction, jobId).approval();
          answer(transaction, jobId, "approved", by, comment);
          try (PreparedStatement statement = transaction.prepareStatement(COMPLETE)) {
            statement.setLong(1, jobId);
            String output = JsonMapper.shared().writeValueAsString(comment == null ? "" : comment);
            statement.setString(2, SafeText.storableJson(output));
            statement.executeUpdate();
          }
          Set<ClaimKey> ready = new HashSet<>(Dependents.release(transaction, Set.of(jobId)));
          ready.addAll(RunProgress.ended(transaction, approval.ended()));
          log(transaction, approval, "Approved", by, comment);
          NotifyReady.notifyReady(transaction, ready);
          return new Answered(jobId, approval.runId(), List.of());
        });
  }

  /// As [#approve].
  public static Answered reject(
      Connection connection, long jobId, String by, @Nullable String comment) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          Question question = lock(transaction, jobId);
          Locked approval = question.approval();
          answer(transaction, jobId, "rejected", by, comment);
          List<Long> agents = question.agents();
          Set<ClaimKey> ready;
          if (agents.isEmpty()) {
            ready = fail(transaction, approval, comment);
          } else {
            try (PreparedStatement statement = transaction.prepareStatement(FEEDBACK)) {
              statement.setString(1, comment == null ? "" : SafeText.storable(comment));
              statement.setArray(2, transaction.createArrayOf("bigint", agents.toArray()));
              statement.executeUpdate();
            }
            ready = ReopenJobs.reopen(transaction, agents, RetryJob.From.SESSION);
          }
          log(transaction, approval, "Rejected", by, comment);
          NotifyReady.notifyReady(transaction, ready);
          return new Answered(jobId, approval.runId(), agents);
        });
  }

  private record Locked(
      long id,
      String provider,
      JobStatus status,
      String name,
      boolean inPipeline,
      UUID runId,
      @Nullable Long fanOutId) {
    List<EndedNode> ended() {
      return inPipeline ? List.of(new EndedNode(runId, fanOutId)) : List.of();
    }
  }

  private record Question(Locked approval, List<Locked> needed) {
    /// Those that run again: agents that have done what they were asked for.
    List<Long> agents() {
      return needed.stream()
          .filter(job -> ProviderKind.of(job.provider()) == ProviderKind.AGENT)
          .filter(job -> job.status() == JobStatus.COMPLETED)
          .map(Locked::id)
          .toList();
    }
  }

  private static Question lock(Connection connection, long jobId) throws SQLException {
    Locked approval = null;
    boolean open = false;
    List<Locked> needed = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setLong(1, jobId);
      statement.setLong(2, jobId);
      statement.setLong(3, jobId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Locked job = locked(row);
          if (job.id() == jobId) {
            approval = job;
            open = row.getBoolean("asked") && row.getInt("pending_dependencies") == 0;
          } else {
            needed.add(job);
          }
        }
      }
    }
    if (approval == null) {
      throw notAllowed("there is no job " + jobId, "aidp jobs list");
    }
    if (!approval.provider().equals("approval")) {
      throw notAllowed("job " + jobId + " is no approval", "aidp jobs show " + jobId);
    }
    if (approval.status() != JobStatus.WAITING || !open) {
      throw notAllowed(
          approval.status().ended()
              ? "the approval %s (job %d) is %s already"
                  .formatted(approval.name(), jobId, approval.status().word())
              : "the approval %s (job %d) waits for no answer yet"
                  .formatted(approval.name(), jobId),
          "aidp jobs show " + jobId);
    }
    return new Question(approval, needed);
  }

  private static Locked locked(ResultSet row) throws SQLException {
    long fanOutId = row.getLong("fan_out_id");
    return new Locked(
        row.getLong("id"),
        row.getString("provider"),
        JobStatus.ofWord(row.getString("status")),
        row.getString("name"),
        row.getBoolean("in_pipeline"),
        row.getObject("run_id", UUID.class),
        fanOutId == 0 ? null : fanOutId);
  }

  private static void answer(
      Connection connection, long jobId, String answer, String by, @Nullable String comment)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ANSWER)) {
      statement.setString(1, answer);
      statement.setString(2, SafeText.storable(by));
      statement.setString(3, comment == null ? null : SafeText.storable(comment));
      statement.setLong(4, jobId);
      if (statement.executeUpdate() != 1) {
        throw notAllowed("job " + jobId + " was answered meanwhile", "aidp jobs show " + jobId);
      }
    }
  }

  private static Set<ClaimKey> fail(
      Connection connection, Locked approval, @Nullable String comment) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FAIL)) {
      statement.setString(
          1, comment == null ? "rejected" : "rejected: " + SafeText.storable(comment));
      statement.setLong(2, approval.id());
      statement.executeUpdate();
    }
    List<EndedNode> ended = new ArrayList<>(approval.ended());
    ended.addAll(Dependents.interrupt(connection, Set.of(approval.id())));
    return RunProgress.ended(connection, ended);
  }

  private static void log(
      Connection connection, Locked approval, String verb, String by, @Nullable String comment)
      throws SQLException {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("jobId", approval.id());
    data.put("by", by);
    data.put("comment", comment);
    RunLog.add(connection, approval.runId(), LogLevel.INFO, verb + ": " + approval.name(), data);
  }

  private static AidpException notAllowed(String message, String remedy) {
    return new AidpException(ErrorCategory.NOT_FOUND, message, remedy);
  }
}
