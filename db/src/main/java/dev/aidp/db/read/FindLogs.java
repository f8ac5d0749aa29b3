package dev.aidp.db.read;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/// Looks for entries in the log of one execution, a bounded step at a time: a log may have millions
/// of them, and no index but that on `seq`.
public final class FindLogs {
  private FindLogs() {}

  /// What is looked for.
  public sealed interface Matching {
    /// Tool calls that have ended: one entry for each.
    record Calls() implements Matching {}

    /// Entries of a level.
    record Level(LogLevel level) implements Matching {}

    /// Entries with a text in their message, in any case.
    record Text(String text) implements Matching {}
  }

  /// The `seq` of those among the entries from behind one up to another, in order.
  public static long[] between(
      Connection connection, long executionId, Matching matching, long afterSeq, long toSeq)
      throws SQLException {
    String condition =
        switch (matching) {
          case Matching.Calls _ -> "category = ? and data->>'status' is not null";
          case Matching.Level _ -> "level = ?";
          case Matching.Text _ -> "message ilike ?";
        };
    String value =
        switch (matching) {
          case Matching.Calls _ -> LogCategory.TOOL.word();
          case Matching.Level(LogLevel level) -> level.word();
          case Matching.Text(String text) -> "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%";
        };
    String sql =
        """
        select seq from aidp.job_logs where execution_id = ? and seq > ? and seq <= ? and %s order by seq
        """
            .formatted(condition);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, executionId);
      statement.setLong(2, afterSeq);
      statement.setLong(3, toSeq);
      statement.setString(4, value);
      try (ResultSet row = statement.executeQuery()) {
        long[] found = new long[16];
        int count = 0;
        while (row.next()) {
          if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
          }
          found[count++] = row.getLong("seq");
        }
        return Arrays.copyOf(found, count);
      }
    }
  }

  /// The last `seq` so far; 0: nothing was logged.
  public static long last(Connection connection, long executionId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select seq from aidp.job_logs where execution_id = ? order by seq desc limit 1")) {
      statement.setLong(1, executionId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong("seq") : 0;
      }
    }
  }
}
