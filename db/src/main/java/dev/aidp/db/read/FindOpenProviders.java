package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The providers that have something to do on a host, or will have at some time.
public final class FindOpenProviders {
  // A sample of those in line: whoever takes these finds the others.
  private static final String SQL =
      """
      select provider from (select provider from aidp.ready where host in ('', ?) limit 1000) lined_up
      union
      select j.provider from aidp.jobs j where j.wake_at is not null and j.status = 'waiting' and (j.host is null or j.host = ?)
      union
      select j.provider from aidp.leases l join aidp.jobs j on j.id = l.job_id where j.host is null or j.host = ?
      order by 1
      """;

  private FindOpenProviders() {}

  public static List<String> on(Connection connection, String hostLabel) throws SQLException {
    List<String> providers = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, hostLabel);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          providers.add(row.getString(1));
        }
      }
    }
    return providers;
  }
}
