package dev.aidp.db.queue;

import dev.aidp.core.job.LogLevel;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Adds to `run_logs`, under the lock of the run's row: the last one that a transaction takes.
final class RunLog {
  private static final String SQL =
      """
      with run as (
        update aidp.pipeline_runs set log_seq = log_seq + 1 where id = ? returning id, log_seq
      )
      insert into aidp.run_logs (run_id, seq, level, message, data)
      select id, log_seq, ?, ?, ?::jsonb from run
      """;

  private RunLog() {}

  /// Does nothing if there is no such run: a single job's is not kept.
  ///
  /// @param data JSON-ready values; empty: none
  static void add(
      Connection connection,
      UUID runId,
      LogLevel level,
      String message,
      Map<String, ? extends @Nullable Object> data)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setObject(1, runId);
      statement.setString(2, level.word());
      statement.setString(3, SafeText.storable(message));
      statement.setString(
          4,
          data.isEmpty()
              ? null
              : SafeText.storableJson(JsonMapper.shared().writeValueAsString(data)));
      statement.executeUpdate();
    }
  }
}
