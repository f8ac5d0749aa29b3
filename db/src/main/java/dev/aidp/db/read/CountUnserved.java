package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Jobs of this host, or of any, that could be claimed and that no live worker takes.
public final class CountUnserved {
  // Counted up to a limit: somebody who left a million is told as much as one who left a thousand.
  private static final String SQL =
      """
      select count(*) from (
        select from aidp.ready r
        where r.host in ('', ?) and not exists (
          select from aidp.workers w
          where w.ended_at is null and not w.draining and (r.host = '' or w.host = r.host) and split_part(r.provider, ':', 1) = any (w.providers)
            and w.last_seen_at > clock_timestamp() - interval '30 s')
        limit ?) unserved
      """;

  private CountUnserved() {}

  /// @param limit how far to count
  public static int count(Connection connection, String hostLabel, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, hostLabel);
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
