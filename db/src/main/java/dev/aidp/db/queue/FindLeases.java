package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Tells which executions still have a lease; a process that belongs to any other is a stray.
public final class FindLeases {
  private static final String SQL =
      "select execution_id from aidp.leases where execution_id = any (?::bigint[])";

  private FindLeases() {}

  /// @return those of the given executions that have a lease
  public static Set<Long> held(Connection connection, Collection<Long> executionIds)
      throws SQLException {
    Set<Long> held = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(1, connection.createArrayOf("bigint", executionIds.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          held.add(rows.getLong(1));
        }
      }
    }
    return held;
  }
}
