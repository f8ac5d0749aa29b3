package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/// Which database this is: execution ids of two databases on one host collide.
public final class DatabaseIdentity {
  private DatabaseIdentity() {}

  public static UUID of(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("select database_id from aidp.schema_info");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }
}
