package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Takes a worker out of the living: it claims nothing more, and its leases can be ended by others.
public final class EndWorker {
  // The condition on last_seen_at keeps a reaper from ending a worker that beat in between.
  private static final String SQL =
      """
      update aidp.workers set ended_at = clock_timestamp(), end_reason = ?
      where id = ? and ended_at is null and (?::bigint is null or last_seen_at < clock_timestamp() - ?::bigint * interval '1 ms')
      """;

  private EndWorker() {}

  /// Why a worker is no more.
  public enum Reason {
    /// It said so itself.
    STOPPED,
    /// It was silent for too long, or its process is gone.
    LOST
  }

  /// @param silentFor how long it must have been silent by the database's clock; null: in any case
  /// @return whether this call ended it
  public static boolean end(
      Connection connection, long workerId, Reason reason, @Nullable Duration silentFor)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, reason.name().toLowerCase(Locale.ROOT));
      statement.setLong(2, workerId);
      Long silentMillis = silentFor == null ? null : silentFor.toMillis();
      statement.setObject(3, silentMillis, java.sql.Types.BIGINT);
      statement.setObject(4, silentMillis, java.sql.Types.BIGINT);
      return statement.executeUpdate() == 1;
    }
  }
}
