package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Which of some jobs are nodes of pipelines, and of which runs.
public final class FindPipelineRuns {
  private static final String SQL =
      "select id, run_id from aidp.jobs where id = any (?::bigint[]) and in_pipeline";

  private FindPipelineRuns() {}

  /// @return their runs by job; jobs that belong to none are left out
  public static Map<Long, UUID> of(Connection connection, Collection<Long> jobIds)
      throws SQLException {
    Map<Long, UUID> runs = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(1, connection.createArrayOf("bigint", jobIds.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          runs.put(row.getLong(1), row.getObject(2, UUID.class));
        }
      }
    }
    return runs;
  }
}
