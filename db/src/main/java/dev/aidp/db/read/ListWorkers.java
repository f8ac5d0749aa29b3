package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// The workers that live, with what they run.
public final class ListWorkers {
  private static final String SQL =
      """
      select w.id, w.host, w.pid, w.slots, w.background, w.draining, w.providers, w.started_at, w.version,
             (extract(epoch from clock_timestamp() - w.last_seen_at) * 1000)::bigint as heartbeat_age_ms,
             array(select l.job_id from aidp.leases l where l.worker_id = w.id order by l.job_id) as running
      from aidp.workers w
      where w.ended_at is null
      order by w.id
      """;

  private ListWorkers() {}

  /// A worker as users see it.
  ///
  /// @param running ids of the jobs that it holds
  public record Worker(
      long id,
      String host,
      int pid,
      int slots,
      boolean background,
      boolean draining,
      List<String> providers,
      List<Long> running,
      Instant startedAt,
      Duration heartbeatAge,
      String version) {

    /// Whether it would claim a job of this host label (empty: any) and provider.
    public boolean takes(String jobHost, String provider) {
      return !draining
          && heartbeatAge.compareTo(Duration.ofSeconds(30)) < 0
          && (jobHost.isEmpty() || jobHost.equals(host))
          && providers.contains(provider);
    }
  }

  public static List<Worker> live(Connection connection) throws SQLException {
    List<Worker> workers = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        workers.add(
            new Worker(
                row.getLong("id"),
                row.getString("host"),
                row.getInt("pid"),
                row.getInt("slots"),
                row.getBoolean("background"),
                row.getBoolean("draining"),
                List.of((String[]) row.getArray("providers").getArray()),
                List.of((Long[]) row.getArray("running").getArray()),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                Duration.ofMillis(Math.max(0, row.getLong("heartbeat_age_ms"))),
                row.getString("version")));
      }
    }
    return workers;
  }
}
