package dev.aidp.db.queue;

import dev.aidp.core.job.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What a job's ended executions used in one session of its agent. Some agents only tell the tokens
/// of the session so far, of which a later execution has to take its own share.
public final class ReadSessionUsage {
  private static final String SQL =
      """
      select coalesce(sum((usage->>'inputTokens')::bigint), 0)::bigint as input,
             coalesce(sum((usage->>'outputTokens')::bigint), 0)::bigint as output,
             coalesce(sum((usage->>'cachedTokens')::bigint), 0)::bigint as cached
      from aidp.executions
      where job_id = ? and session_id = ?
      """;

  private ReadSessionUsage() {}

  public static Usage of(Connection connection, long jobId, String sessionId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, jobId);
      statement.setString(2, sessionId);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Usage(row.getLong("input"), row.getLong("output"), row.getLong("cached"));
      }
    }
  }
}
