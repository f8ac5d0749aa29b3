package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Runs by the beginning of their ids.
public final class FindRuns {
  private static final String SQL =
      """
      select run_id as id from aidp.jobs where run_id between ? and ?
      union
      select id from aidp.pipeline_runs where id between ? and ?
      limit ?
      """;

  private FindRuns() {}

  /// @param limit enough to tell one from several
  public static List<UUID> within(Connection connection, ReadJobs.UuidRange range, int limit)
      throws SQLException {
    List<UUID> runs = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setObject(1, range.first());
      statement.setObject(2, range.last());
      statement.setObject(3, range.first());
      statement.setObject(4, range.last());
      statement.setInt(5, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          runs.add(row.getObject(1, UUID.class));
        }
      }
    }
    return runs;
  }
}
