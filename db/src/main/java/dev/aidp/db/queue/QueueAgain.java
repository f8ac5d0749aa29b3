package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Queues a new job that asks for what another one asked for, whatever became of that one.
public final class QueueAgain {
  private static final String RUN =
      "select r.id from aidp.jobs j join aidp.pipeline_runs r on r.id = j.run_id where j.id = ?";

  // Neither its key, which is taken, nor its start time, which is over.
  private static final String COPY =
      """
      with job as (
        insert into aidp.jobs (node, name, provider, model, prompt, workspace, workspace_identity, host, priority,
                               timeout, max_attempts, max_crashes, rerun, options, metadata)
        select node, name, provider, model, prompt, workspace, workspace_identity, host, priority,
               timeout, max_attempts, max_crashes, rerun,
               case when ?::text is null then options else options || jsonb_build_object('environment', ?::text) end, metadata
        from aidp.jobs where id = ?
        returning id, host, provider, priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select coalesce(host, ''), provider, priority, clock_timestamp(), id from job
      )
      select id, aidp.notify_ready(host, provider, priority)::text from job
      """;

  private QueueAgain() {}

  /// Commits.
  ///
  /// @param environmentId names the kept environment that the new job gets; null: that of the old
  ///   one
  /// @return id of the new job
  /// @throws AidpException (not found) if there is no such job, or it is a node of a pipeline's run
  public static long queue(Connection connection, long jobId, @Nullable String environmentId)
      throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          refuseNodes(transaction, jobId);
          try (PreparedStatement statement = transaction.prepareStatement(COPY)) {
            statement.setString(1, environmentId);
            statement.setString(2, environmentId);
            statement.setLong(3, jobId);
            try (ResultSet row = statement.executeQuery()) {
              if (!row.next()) {
                throw new AidpException(
                    ErrorCategory.NOT_FOUND, "there is no job " + jobId, "aidp jobs list");
              }
              return row.getLong("id");
            }
          }
        });
  }

  /// What a node works with comes from its run.
  private static void refuseNodes(Connection connection, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RUN)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          UUID run = row.getObject("id", UUID.class);
          throw new AidpException(
              ErrorCategory.NOT_FOUND,
              "job %d is a node of run %s".formatted(jobId, run.toString().substring(0, 8)),
              "aidp runs rerun " + run);
        }
      }
    }
  }
}
