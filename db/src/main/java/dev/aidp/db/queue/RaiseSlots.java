package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Gives a running background worker more slots; it learns of them with its next heartbeat.
public final class RaiseSlots {
  private static final String SQL =
      "update aidp.workers set slots = ? where id = ? and ended_at is null and slots < ?";

  private RaiseSlots() {}

  /// @return whether it has more of them now
  public static boolean raise(Connection connection, long workerId, int slots) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setInt(1, slots);
      statement.setLong(2, workerId);
      statement.setInt(3, slots);
      return statement.executeUpdate() == 1;
    }
  }
}
