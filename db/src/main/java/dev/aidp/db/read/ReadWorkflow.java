package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far a workflow of a workspace has come: the jobs whose metadata name its steps.
public final class ReadWorkflow {
  // The operator ? of jsonb, which the index needs, is written ?? for the driver.
  private static final String SQL =
      """
      select distinct on (j.metadata ->> 'step') j.metadata ->> 'step' as step, j.id, j.status, j.reason, j.error,
             count(*) over (partition by j.metadata ->> 'step') as jobs
      from aidp.jobs j
      where j.workspace_identity = ? and j.metadata ?? 'workflow' and j.metadata ->> 'workflow' = ?
      order by j.metadata ->> 'step', j.id desc
      """;

  private ReadWorkflow() {}

  /// The latest job of a step.
  ///
  /// @param jobs how many the step has had
  public record Step(
      long jobId, JobStatus status, @Nullable String reason, @Nullable String error, int jobs) {}

  /// By the names of the steps; those that were never queued are left out.
  public static Map<String, Step> steps(Connection connection, String identity, String workflow)
      throws SQLException {
    Map<String, Step> steps = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, identity);
      statement.setString(2, workflow);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String step = row.getString("step");
          if (step != null) {
            steps.put(
                step,
                new Step(
                    row.getLong("id"),
                    JobStatus.ofWord(row.getString("status")),
                    row.getString("reason"),
                    row.getString("error"),
                    row.getInt("jobs")));
          }
        }
      }
    }
    return steps;
  }
}
