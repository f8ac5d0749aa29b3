package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Forgets how far steps of a workflow have come: the jobs that they have had until now stay, and
/// do not count any more.
public final class ResetWorkflow {
  private static final String SQL =
      """
      insert into aidp.workflow_resets (workspace_identity, workflow, step, up_to_job_id)
      select ?, ?, s.step, s.job_id
      from unnest(?::text[], ?::bigint[]) as s(step, job_id)
      on conflict (workspace_identity, workflow, step) do update
      set up_to_job_id = greatest(workflow_resets.up_to_job_id, excluded.up_to_job_id), reset_at = excluded.reset_at
      """;

  private ResetWorkflow() {}

  /// The latest job of a step that counts no more.
  public record Forgotten(String step, long jobId) {}

  public static void reset(
      Connection connection, String identity, String workflow, List<Forgotten> steps)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, identity);
      statement.setString(2, workflow);
      statement.setArray(
          3, connection.createArrayOf("text", steps.stream().map(Forgotten::step).toArray()));
      statement.setArray(
          4, connection.createArrayOf("bigint", steps.stream().map(Forgotten::jobId).toArray()));
      statement.executeUpdate();
    }
  }
}
