package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// The kept environments that some job may still be run with. Reads all jobs: for seldom use.
public final class FindNeededEnvironments {
  // One that failed a while ago is hardly retried any more, and what is kept may hold secrets.
  private static final String SQL =
      """
      select distinct options ->> 'environment' from aidp.jobs
      where options ->> 'environment' is not null
        and (completed_at is null or (status <> 'completed' and completed_at > clock_timestamp() - interval '7 days'))
      """;

  private FindNeededEnvironments() {}

  public static Set<String> ids(Connection connection) throws SQLException {
    Set<String> ids = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        ids.add(row.getString(1));
      }
    }
    return ids;
  }
}
