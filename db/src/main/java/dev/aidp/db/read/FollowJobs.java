package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody who waits for jobs asks for again and again: no more than that.
public final class FollowJobs {
  private static final String STANDINGS =
      """
      select j.id, %s as status, %s as reason, j.provider, j.host, j.name, j.error
      from aidp.jobs j
      %s
      where j.id = any (?::bigint[]) order by j.id
      """
          .formatted(HeldJobs.STATUS, HeldJobs.REASON, HeldJobs.JOIN);

  private static final String EXECUTIONS =
      """
      select id, attempt, status from aidp.job_executions
      where job_id = ? and attempt >= ? order by attempt
      """;

  private FollowJobs() {}

  /// How a job stands.
  public record Standing(
      long id,
      JobStatus status,
      @Nullable String reason,
      String provider,
      @Nullable String host,
      String name,
      @Nullable String error) {}

  /// One attempt of it.
  public record Attempt(ReadLogs.ExecutionRef execution, JobStatus status) {}

  /// In the order of their ids; those that do not exist are left out.
  public static List<Standing> standings(Connection connection, List<Long> ids)
      throws SQLException {
    List<Standing> standings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(STANDINGS)) {
      statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          standings.add(
              new Standing(
                  row.getLong("id"),
                  JobStatus.ofWord(row.getString("status")),
                  row.getString("reason"),
                  row.getString("provider"),
                  row.getString("host"),
                  row.getString("name"),
                  row.getString("error")));
        }
      }
    }
    return standings;
  }

  /// In the order of their numbers, beginning with the given one.
  public static List<Attempt> attempts(Connection connection, long jobId, int from)
      throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(EXECUTIONS)) {
      statement.setLong(1, jobId);
      statement.setInt(2, from);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          attempts.add(
              new Attempt(
                  new ReadLogs.ExecutionRef(jobId, row.getLong("id"), row.getInt("attempt")),
                  JobStatus.ofWord(row.getString("status"))));
        }
      }
    }
    return attempts;
  }
}
