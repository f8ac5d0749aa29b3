package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Lets a run that failed or was interrupted go on: what completed keeps its output, everything
/// else runs with a fresh budget, agents in their sessions.
public final class ResumeRun {
  private static final String LOCK =
      "select id, status from aidp.jobs where run_id = ? and in_pipeline order by id for update";

  private static final String STATUS = "select status, completed_at from aidp.runs where id = ?";

  private ResumeRun() {}

  /// Commits, and wakes the workers.
  ///
  /// @return the jobs that run again, or for the first time
  /// @throws AidpException NOT_FOUND if there is no such run, or it has not failed or been
  ///   interrupted
  public static List<Long> resume(Connection connection, UUID runId) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          List<Long> open = new ArrayList<>();
          try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
            statement.setObject(1, runId);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                JobStatus status = JobStatus.ofWord(row.getString("status"));
                if (status == JobStatus.FAILED || status == JobStatus.INTERRUPTED) {
                  open.add(row.getLong("id"));
                }
              }
            }
          }
          requireEnded(transaction, runId);
          NotifyReady.notifyReady(
              transaction, ReopenJobs.reopen(transaction, open, RetryJob.From.SESSION));
          RunLog.add(transaction, runId, LogLevel.INFO, "Resuming pipeline", Map.of());
          return open;
        });
  }

  private static void requireEnded(Connection connection, UUID runId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
      statement.setObject(1, runId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new AidpException(
              ErrorCategory.NOT_FOUND, "there is no run " + runId, "aidp runs list");
        }
        JobStatus status = JobStatus.ofWord(row.getString("status"));
        if (status != JobStatus.FAILED && status != JobStatus.INTERRUPTED) {
          throw new AidpException(
              ErrorCategory.NOT_FOUND,
              "run %s is %s; only a failed or interrupted run can be resumed"
                  .formatted(runId, status.word()),
              status == JobStatus.COMPLETED
                  ? "aidp runs rerun " + runId
                  : "aidp runs show " + runId);
        }
      }
    }
  }
}
