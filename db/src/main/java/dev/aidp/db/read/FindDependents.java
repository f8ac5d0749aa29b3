package dev.aidp.db.read;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The jobs that need others, directly or through one another: what a change of those may change.
public final class FindDependents {
  private static final String ALL =
      """
      with recursive dependents (id) as (
        select job_id from aidp.job_dependencies where depends_on_id = any (?)
        union
        select d.job_id from aidp.job_dependencies d join dependents on d.depends_on_id = dependents.id
      )
      select id from dependents order by id
      """;

  private FindDependents() {}

  /// Ascending, without the given ones unless they need each other.
  public static List<Long> of(Connection connection, Collection<Long> jobIds) throws SQLException {
    Array array = connection.createArrayOf("bigint", jobIds.toArray());
    List<Long> ids = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ALL)) {
      statement.setArray(1, array);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.add(row.getLong(1));
        }
      }
    } finally {
      array.free();
    }
    return ids;
  }
}
