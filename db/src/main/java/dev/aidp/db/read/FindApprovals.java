package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Approvals: their rounds, asked and answered.
public final class FindApprovals {
  private static final String SQL =
      """
      select a.job_id, a.round, a.message, a.asked_at, a.answer, a.answered_at, a.answered_by, a.comment,
             coalesce(j.node, j.name) as name, j.run_id, j.workspace_identity
      from aidp.approvals a
      join aidp.jobs j on j.id = a.job_id
      """;

  // An approval whose job waits for something else is not open any more, or not yet again.
  private static final String OPEN =
      "where a.answer is null and j.status = 'waiting' and j.pending_dependencies = 0 ";

  private FindApprovals() {}

  /// One round of an approval.
  ///
  /// @param round from 1
  /// @param name of the node or job that asks
  /// @param answer `approved` or `rejected`; null: none yet
  public record Approval(
      long jobId,
      int round,
      String name,
      UUID runId,
      String workspaceIdentity,
      @Nullable String message,
      Instant askedAt,
      @Nullable String answer,
      @Nullable Instant answeredAt,
      @Nullable String answeredBy,
      @Nullable String comment) {}

  /// All rounds of a job, in order.
  public static List<Approval> ofJob(Connection connection, long jobId) throws SQLException {
    return read(connection, SQL + "where a.job_id = ? order by a.round", jobId);
  }

  /// Those of a run that wait for an answer, the one that was asked first at the head.
  public static List<Approval> openOfRun(Connection connection, UUID runId) throws SQLException {
    return read(connection, SQL + OPEN + "and j.run_id = ? order by a.asked_at, a.job_id", runId);
  }

  /// All that wait for an answer, the one that was asked first at the head.
  public static List<Approval> open(Connection connection, int limit) throws SQLException {
    return read(connection, SQL + OPEN + "order by a.asked_at, a.job_id limit ?", limit);
  }

  private static List<Approval> read(Connection connection, String sql, Object value)
      throws SQLException {
    List<Approval> approvals = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          OffsetDateTime answeredAt = row.getObject("answered_at", OffsetDateTime.class);
          approvals.add(
              new Approval(
                  row.getLong("job_id"),
                  row.getInt("round"),
                  row.getString("name"),
                  row.getObject("run_id", UUID.class),
                  row.getString("workspace_identity"),
                  row.getString("message"),
                  row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                  row.getString("answer"),
                  answeredAt == null ? null : answeredAt.toInstant(),
                  row.getString("answered_by"),
                  row.getString("comment")));
        }
      }
    }
    return approvals;
  }
}
