package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The executions in which a process of a job runs: its own, and those out of which its job was
/// queued.
public final class FindEnclosing {
  private static final String SQL =
      """
      select j.options -> 'within' as within
      from aidp.leases l join aidp.jobs j on j.id = l.job_id
      where l.execution_id = ? and l.token::text = ?
      """;

  private FindEnclosing() {}

  /// @return their ids, the outermost first; empty if the execution has ended
  public static List<Long> of(Connection connection, long executionId, String token)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, executionId);
      statement.setString(2, token);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return List.of();
        }
        List<Long> ids = new ArrayList<>();
        String within = row.getString("within");
        if (within != null) {
          JsonMapper.shared().readTree(within).forEach(id -> ids.add(id.asLong()));
        }
        ids.add(executionId);
        return ids;
      }
    }
  }
}
