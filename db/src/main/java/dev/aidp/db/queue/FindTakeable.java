package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/// Whether there is anything that a worker of this host and these providers could have to do: what
/// an idle worker asks before it ends.
public final class FindTakeable {
  private static final String SQL =
      """
      select exists (select from aidp.ready where host in ('', ?) and split_part(provider, ':', 1) = any (?::text[]))
          or exists (select from aidp.jobs where wake_at is not null and status = 'waiting'
                     and (host is null or host = ?) and split_part(provider, ':', 1) = any (?::text[]))
          or exists (select from aidp.leases l join aidp.jobs j on j.id = l.job_id
                     where (j.host is null or j.host = ?) and split_part(j.provider, ':', 1) = any (?::text[]))
          or exists (select from aidp.leases l join aidp.job_dependencies d on d.depends_on_id = l.job_id
                     join aidp.jobs j on j.id = d.job_id
                     where j.status = 'waiting' and (j.host is null or j.host = ?) and split_part(j.provider, ':', 1) = any (?::text[]))
      """;

  private FindTakeable() {}

  /// @return whether such a job runs, is queued, or waits for a time or for a job that runs
  ///   anywhere
  public static boolean any(Connection connection, String host, Collection<String> providers)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      for (int i = 1; i <= 8; i += 2) {
        statement.setString(i, host);
        statement.setArray(i + 1, connection.createArrayOf("text", providers.toArray()));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
