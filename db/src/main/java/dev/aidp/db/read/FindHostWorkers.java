package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The workers of one host that have not ended, with what tells whether their processes still live.
public final class FindHostWorkers {
  private static final String SQL =
      """
      select id, pid, boot_id, pid_namespace, process_started, slots, background, draining, providers,
             (extract(epoch from clock_timestamp() - last_seen_at) * 1000)::bigint as heartbeat_age_ms
      from aidp.workers where host = ? and ended_at is null order by id
      """;

  private FindHostWorkers() {}

  /// A worker of the host.
  ///
  /// @param processStarted in the operating system's own unit, 0 if unknown
  public record HostWorker(
      long id,
      int pid,
      String bootId,
      String pidNamespace,
      long processStarted,
      int slots,
      boolean background,
      boolean draining,
      List<String> providers,
      Duration heartbeatAge) {}

  public static List<HostWorker> on(Connection connection, String hostLabel) throws SQLException {
    List<HostWorker> workers = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, hostLabel);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          workers.add(
              new HostWorker(
                  row.getLong("id"),
                  row.getInt("pid"),
                  row.getString("boot_id"),
                  row.getString("pid_namespace"),
                  row.getLong("process_started"),
                  row.getInt("slots"),
                  row.getBoolean("background"),
                  row.getBoolean("draining"),
                  List.of((String[]) row.getArray("providers").getArray()),
                  Duration.ofMillis(Math.max(0, row.getLong("heartbeat_age_ms")))));
        }
      }
    }
    return workers;
  }
}
