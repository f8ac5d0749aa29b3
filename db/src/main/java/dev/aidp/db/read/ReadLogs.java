package dev.aidp.db.read;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// Pages through the log of one execution by `seq`.
public final class ReadLogs {
  private static final String AFTER =
      """
      select seq, timestamp, level, category, message, data
      from aidp.job_logs where execution_id = ? and seq > ? order by seq limit ?
      """;

  private ReadLogs() {}

  /// In `seq` order, beginning behind the given one (0: at the first).
  public static List<LogEntry> after(
      Connection connection, ExecutionRef execution, long afterSeq, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(AFTER)) {
      statement.setLong(1, execution.executionId());
      statement.setLong(2, afterSeq);
      statement.setInt(3, limit);
      return entries(statement, execution);
    }
  }

  /// Which execution's log.
  public record ExecutionRef(long jobId, long executionId, int attempt) {}

  private static List<LogEntry> entries(PreparedStatement statement, ExecutionRef execution)
      throws SQLException {
    List<LogEntry> entries = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        entries.add(
            new LogEntry(
                execution.jobId(),
                execution.attempt(),
                row.getLong("seq"),
                row.getObject("timestamp", OffsetDateTime.class).toInstant(),
                LogLevel.ofWord(row.getString("level")),
                LogCategory.ofWord(row.getString("category")),
                row.getString("message"),
                row.getString("data")));
      }
    }
    return entries;
  }
}
