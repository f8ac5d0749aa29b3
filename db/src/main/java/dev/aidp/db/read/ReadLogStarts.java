package dev.aidp.db.read;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pages through the beginnings of the entries of one execution's log. Entries and their data may
/// have a megabyte each, of which a screen shows a few lines: a page of whole ones would not fit
/// into memory.
public final class ReadLogStarts {
  /// Characters of a message that are read.
  public static final int MESSAGE = 8_000;

  /// Characters of what a tool was given, and of what it gave back.
  public static final int VALUE = 2_000;

  private static final String COLUMNS =
      "select seq, timestamp, level, category, left(message, "
          + MESSAGE
          + ") as message, char_length(message) as length";

  // The part of the input that the log shows when the call begins, too.
  private static final String CALL =
      """
      , data->>'tool' as tool, data->>'status' as status,
      case when jsonb_typeof(data->'durationMs') = 'number' then (data->>'durationMs')::numeric::bigint end as duration,
      left(coalesce(data#>>'{input,command}', data#>>'{input,file_path}', data#>>'{input,path}', data#>>'{input,pattern}',
                    data#>>'{input,url}', data#>>'{input,query}', data#>>'{input,description}', data#>>'{input,prompt}',
                    data->>'input'), %1$d) as input,
      left(data->>'output', %1$d) as output, char_length(data->>'output') as output_length
      """
          .formatted(VALUE);

  private static final String AFTER =
      COLUMNS + " from aidp.job_logs where execution_id = ? and seq > ? order by seq limit ?";

  private static final String BEFORE =
      COLUMNS + " from aidp.job_logs where execution_id = ? and seq < ? order by seq desc limit ?";

  private static final String CALLS =
      COLUMNS
          + CALL
          + " from aidp.job_logs where execution_id = ? and seq = any (?::bigint[]) order by seq";

  private ReadLogStarts() {}

  /// An entry.
  ///
  /// @param message its first [#MESSAGE] characters
  /// @param length how many characters it has, in code points
  /// @param call null unless it tells of a tool call that has ended, and that was asked for
  public record Start(
      long seq,
      Instant timestamp,
      LogLevel level,
      LogCategory category,
      String message,
      long length,
      @Nullable Call call) {}

  /// A tool call.
  ///
  /// @param input the most telling part of what the tool was given, or all of it as JSON; its first
  ///   [#VALUE] characters
  /// @param output what it gave back; its first [#VALUE] characters
  /// @param outputLength how many characters that has, in code points
  public record Call(
      String tool,
      String status,
      Duration duration,
      String input,
      String output,
      long outputLength) {}

  /// In `seq` order, beginning behind the given one (0: at the first).
  public static List<Start> after(Connection connection, long executionId, long seq, int limit)
      throws SQLException {
    return page(connection, AFTER, executionId, seq, limit);
  }

  /// In `seq` order, the last ones before the given one ([Long#MAX_VALUE]: the tail).
  public static List<Start> before(Connection connection, long executionId, long seq, int limit)
      throws SQLException {
    return page(connection, BEFORE, executionId, seq, limit).reversed();
  }

  private static List<Start> page(
      Connection connection, String sql, long executionId, long seq, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, executionId);
      statement.setLong(2, seq);
      statement.setInt(3, limit);
      return starts(statement, false);
    }
  }

  /// In `seq` order, those of the given numbers that exist, with their tool calls.
  public static List<Start> calls(Connection connection, long executionId, List<Long> seqs)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CALLS)) {
      statement.setLong(1, executionId);
      statement.setArray(2, connection.createArrayOf("bigint", seqs.toArray()));
      return starts(statement, true);
    }
  }

  private static List<Start> starts(PreparedStatement statement, boolean calls)
      throws SQLException {
    List<Start> starts = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        starts.add(
            new Start(
                row.getLong("seq"),
                row.getObject("timestamp", OffsetDateTime.class).toInstant(),
                LogLevel.ofWord(row.getString("level")),
                LogCategory.ofWord(row.getString("category")),
                row.getString("message"),
                row.getLong("length"),
                calls ? call(row) : null));
      }
    }
    return starts;
  }

  private static @Nullable Call call(ResultSet row) throws SQLException {
    String tool = row.getString("tool");
    String status = row.getString("status");
    if (tool == null || status == null) {
      return null;
    }
    return new Call(
        tool,
        status,
        Duration.ofMillis(row.getLong("duration")),
        text(row, "input"),
        text(row, "output"),
        row.getLong("output_length"));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
