package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/// Wakes the workers that can take jobs of these keys. NOTIFY takes a lock of the whole database at
/// commit, so callers coalesce.
public final class NotifyReady {
  private static final String SQL =
      """
      select pg_notify('aidp_ready', payload) from unnest(?::text[]) as payload
      """;

  private NotifyReady() {}

  public static void notifyReady(Connection connection, Collection<ClaimKey> keys)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(
          1, connection.createArrayOf("text", keys.stream().map(ClaimKey::payload).toArray()));
      statement.executeQuery().close();
    }
  }
}
