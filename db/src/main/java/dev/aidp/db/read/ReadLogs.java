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
  private static final String BEFORE =
      """
      select seq, timestamp, level, category, message, data
      from aidp.job_logs where execution_id = ? and seq < ? order by seq desc limit ?
      """;

  private static final String BY_SEQS =
      """
      select seq, timestamp, level, category, message, data
      from aidp.job_logs where execution_id = ? and seq = any (?::bigint[]) order by seq
      """;

  private ReadLogs() {}

  /// In `seq` order, beginning behind the given one (0: at the first).
  public static List<LogEntry> after(
      Connection connection, ExecutionRef execution, long afterSeq, int limit) throws SQLException {
    return page(connection, AFTER, execution, afterSeq, limit);
  }

  /// In `seq` order, the last ones before the given one ([Long#MAX_VALUE]: the tail).
  public static List<LogEntry> before(
      Connection connection, ExecutionRef execution, long beforeSeq, int limit)
      throws SQLException {
    return page(connection, BEFORE, execution, beforeSeq, limit).reversed();
  }

  /// Which execution's log.
  public record ExecutionRef(long jobId, long executionId, int attempt) {}

  private static List<LogEntry> page(
      Connection connection, String sql, ExecutionRef execution, long seq, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, execution.executionId());
      statement.setLong(2, seq);
      statement.setInt(3, limit);
      return entries(statement, execution);
    }
  }

  /// In `seq` order, those of the given numbers that exist.
  public static List<LogEntry> bySeqs(
      Connection connection, ExecutionRef execution, List<Long> seqs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY_SEQS)) {
      statement.setLong(1, execution.executionId());
      statement.setArray(2, connection.createArrayOf("bigint", seqs.toArray()));
      return entries(statement, execution);
    }
  }

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
