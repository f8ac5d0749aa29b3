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
      select s.step, s.id, s.status, s.reason, s.error, coalesce(s.id <= r.up_to_job_id, false) as forgotten, a.answer, a.comment
      from (
        select distinct on (j.metadata ->> 'step') j.metadata ->> 'step' as step, j.id, j.status, j.reason, j.error
        from aidp.jobs j
        where j.workspace_identity = ? and j.metadata ?? 'workflow' and j.metadata ->> 'workflow' = ?
        order by j.metadata ->> 'step', j.id desc
      ) s
      left join aidp.workflow_resets r on r.workspace_identity = ? and r.workflow = ? and r.step = s.step
      left join lateral (
        select answer, comment from aidp.approvals where job_id = s.id order by round desc limit 1
      ) a on true
      where s.step is not null
      """;

  private ReadWorkflow() {}

  /// The latest job of a step.
  ///
  /// @param answer `approved` or `rejected`; null: nobody has answered
  /// @param comment of the answer
  /// @param forgotten whether the progress was reset after it was queued
  public record Step(
      long jobId,
      JobStatus status,
      @Nullable String reason,
      @Nullable String error,
      boolean forgotten,
      @Nullable String answer,
      @Nullable String comment) {}

  /// By the names of the steps; those that were never queued are left out.
  public static Map<String, Step> steps(Connection connection, String identity, String workflow)
      throws SQLException {
    Map<String, Step> steps = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, identity);
      statement.setString(2, workflow);
      statement.setString(3, identity);
      statement.setString(4, workflow);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          steps.put(
              row.getString("step"),
              new Step(
                  row.getLong("id"),
                  JobStatus.ofWord(row.getString("status")),
                  row.getString("reason"),
                  row.getString("error"),
                  row.getBoolean("forgotten"),
                  row.getString("answer"),
                  row.getString("comment")));
        }
      }
    }
    return steps;
  }
}
