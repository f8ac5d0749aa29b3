package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Pages of job ids towards the newest: what [ReadJobs#list] does not offer, for scrolling back up
/// and for the oldest page.
public final class FindJobIds {
  private static final String AFTER = "select id from aidp.jobs where id > ? order by id limit ?";

  private FindJobIds() {}

  /// Ascending, beginning behind the given id ([Long#MIN_VALUE]: with the oldest).
  public static List<Long> after(Connection connection, long jobId, int limit) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(AFTER)) {
      statement.setLong(1, jobId);
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.add(row.getLong(1));
        }
      }
    }
    return ids;
  }
}
