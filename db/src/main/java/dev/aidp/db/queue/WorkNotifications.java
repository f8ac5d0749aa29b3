package dev.aidp.db.queue;

import dev.aidp.db.connect.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Wake-ups and cancels as they are notified. Hints only: whoever uses it polls too. Owns a
/// connection of its own; for one thread.
public final class WorkNotifications implements AutoCloseable {
  private final Connection connection;
  private final PGConnection pgConnection;

  private WorkNotifications(Connection connection) throws SQLException {
    this.connection = connection;
    this.pgConnection = connection.unwrap(PGConnection.class);
  }

  /// What was notified.
  public sealed interface Notification {
    /// Jobs of this key can be claimed.
    record Ready(ClaimKey key) implements Notification {}

    /// A running job shall be stopped.
    record Cancel(long jobId) implements Notification {}
  }

  /// @throws dev.aidp.core.error.AidpException if no connection can be opened
  public static WorkNotifications listen(Connections connections) throws SQLException {
    Connection connection = connections.open("worker notifications");
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen aidp_ready");
      statement.execute("listen aidp_cancel");
      return new WorkNotifications(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// Waits for notifications, at most so long; then looks whether the connection still lives, which
  /// a blocked listener would never see.
  ///
  /// @return in the order of their arrival; empty after the limit
  public List<Notification> await(Duration limit) throws SQLException {
    PGNotification[] raw = pgConnection.getNotifications((int) limit.toMillis());
    if (raw == null || raw.length == 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("select 1");
      }
      return List.of();
    }
    List<Notification> notifications = new ArrayList<>();
    for (PGNotification each : raw) {
      String payload = each.getParameter();
      if (each.getName().equals("aidp_cancel") && payload.matches("\\d{1,18}")) {
        notifications.add(new Notification.Cancel(Long.parseLong(payload)));
      }
      ClaimKey key = each.getName().equals("aidp_ready") ? ClaimKey.ofPayload(payload) : null;
      if (key != null) {
        notifications.add(new Notification.Ready(key));
      }
    }
    return notifications;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone either way.
    }
  }
}
