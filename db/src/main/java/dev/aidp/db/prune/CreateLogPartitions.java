package dev.aidp.db.prune;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Makes the monthly partitions of `job_logs` ahead of time. What comes without one goes to the
/// default partition, and is found there too.
public final class CreateLogPartitions {
  private CreateLogPartitions() {}

  /// This month's and the next two, where they are missing.
  ///
  /// @return how many were made
  public static int ahead(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("select aidp.create_log_partitions()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}
