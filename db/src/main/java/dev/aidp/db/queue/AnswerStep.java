package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers whether the result of a workflow's step is good. The answer belongs to the step's job;
/// jobs that were queued on condition of it ([EnqueueJobs]) count it like one more dependency.
public final class AnswerStep {
  private static final String LOCK =
      """
      select j.status, (select a.answer from aidp.approvals a where a.job_id = j.id order by a.round desc limit 1) as answer
      from aidp.jobs j where j.id = ? for update of j
      """;

  // The step itself was the question.
  private static final String ANSWER =
      """
      insert into aidp.approvals (job_id, round, asked_at, answer, answered_at, answered_by, comment)
      select j.id, (select coalesce(max(a.round), 0) + 1 from aidp.approvals a where a.job_id = j.id),
             coalesce(j.completed_at, clock_timestamp()), ?, clock_timestamp(), ?, ?
      from aidp.jobs j where j.id = ?
      """;

  private static final String HAND_OVER =
      """
      with moved as (
        update aidp.job_dependencies d
        set depends_on_id = ?
        from aidp.jobs j
        where d.depends_on_id = ? and j.id = d.job_id and j.status = 'waiting'
        returning d.job_id
      )
      update aidp.jobs j
      set pending_dependencies = j.pending_dependencies + case when ? then 0 else 1 end
      from moved m where j.id = m.job_id
      """;

  private AnswerStep() {}

  /// What may be said of a step's result.
  public enum Answer {
    APPROVED,
    REJECTED;

    private String word() {
      return this == APPROVED ? "approved" : "rejected";
    }
  }

  /// Commits, and wakes the workers that can take what waited for it.
  ///
  /// @param by who answers
  /// @throws AidpException NOT_FOUND if the job has not completed, or was answered already
  public static void answer(
      Connection connection, long jobId, Answer answer, String by, @Nullable String comment)
      throws SQLException {
    Transaction.run(
        connection,
        transaction -> {
          requireOpen(transaction, jobId);
          insert(transaction, jobId, answer, by, comment);
          if (answer == Answer.APPROVED) {
            NotifyReady.notifyReady(transaction, Dependents.release(transaction, Set.of(jobId)));
          }
          return jobId;
        });
  }

  private static void requireOpen(Connection connection, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw notAllowed("there is no job " + jobId, "aidp jobs list");
        }
        JobStatus status = JobStatus.ofWord(row.getString("status"));
        if (status != JobStatus.COMPLETED) {
          throw notAllowed(
              "job %d is %s; only what has completed can be answered"
                  .formatted(jobId, status.word()),
              "aidp jobs show " + jobId);
        }
        String answered = row.getString("answer");
        if (answered != null) {
          throw notAllowed("job %d was %s already".formatted(jobId, answered), null);
        }
      }
    }
  }

  private static void insert(
      Connection connection, long jobId, Answer answer, String by, @Nullable String comment)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ANSWER)) {
      statement.setString(1, answer.word());
      statement.setString(2, SafeText.storable(by));
      statement.setString(3, comment == null ? null : SafeText.storable(comment));
      statement.setLong(4, jobId);
      statement.executeUpdate();
    }
  }

  /// What waits for the rejected result waits for the new one instead. Commits.
  ///
  /// @param rejected a completed job
  /// @param successor the job that does the step again
  public static void handOver(Connection connection, long rejected, long successor)
      throws SQLException {
    Transaction.run(
        connection,
        transaction -> {
          JobStatus status = lock(transaction, successor);
          try (PreparedStatement statement = transaction.prepareStatement(HAND_OVER)) {
            statement.setLong(1, successor);
            statement.setLong(2, rejected);
            statement.setBoolean(3, status == JobStatus.COMPLETED);
            statement.executeUpdate();
          }
          if (status == JobStatus.FAILED || status == JobStatus.INTERRUPTED) {
            Dependents.interrupt(transaction, Set.of(successor));
          }
          return successor;
        });
  }

  /// So that it does not end meanwhile.
  private static JobStatus lock(Connection connection, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw notAllowed("there is no job " + jobId, "aidp jobs list");
        }
        return JobStatus.ofWord(row.getString("status"));
      }
    }
  }

  private static AidpException notAllowed(String message, @Nullable String remedy) {
    return new AidpException(ErrorCategory.NOT_FOUND, message, remedy);
  }
}
