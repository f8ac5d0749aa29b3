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
import org.jspecify.annotations.Nullable;

/// The providers that are paused since they are at their usage limit.
public final class ListPauses {
  private static final String SQL =
      """
      select p.host, p.provider, p.since, p.until_at, p.error, l.job_id as probe_job_id,
             (extract(epoch from p.until_at - clock_timestamp()) * 1000)::bigint as left_ms,
             exists (select from aidp.ready r where r.host = any (array['', p.host]) and r.provider = p.provider) as holds
      from aidp.provider_pauses p
      left join aidp.leases l on l.job_id = p.probe_job_id and l.execution_id = p.probe_execution_id
      order by p.host, p.provider
      """;

  private ListPauses() {}

  /// A provider that takes no jobs on a host.
  ///
  /// @param until from when one job goes first
  /// @param left until then by the database's clock; not positive: it has passed
  /// @param probeJobId the job that went first and still runs; null: none does
  /// @param holds whether jobs are queued that it holds back
  /// @param error what the provider said about its limit
  public record Pause(
      String host,
      String provider,
      Instant since,
      Instant until,
      Duration left,
      @Nullable Long probeJobId,
      boolean holds,
      @Nullable String error) {

    /// Whether the next job may go first.
    public boolean due() {
      return !left.isPositive() && probeJobId == null;
    }

    /// Whether it means anything to a user: one that has run out, with nothing to try it with, does
    /// not.
    public boolean active() {
      return !due() || holds;
    }
  }

  public static List<Pause> all(Connection connection) throws SQLException {
    List<Pause> pauses = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        long probe = row.getLong("probe_job_id");
        Long probeJobId = row.wasNull() ? null : probe;
        pauses.add(
            new Pause(
                row.getString("host"),
                row.getString("provider"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getObject("until_at", OffsetDateTime.class).toInstant(),
                Duration.ofMillis(row.getLong("left_ms")),
                probeJobId,
                row.getBoolean("holds"),
                row.getString("error")));
      }
    }
    return pauses;
  }

  /// Those that mean anything to a user.
  public static List<Pause> active(Connection connection) throws SQLException {
    return all(connection).stream().filter(Pause::active).toList();
  }
}
