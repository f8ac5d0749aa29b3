package dev.aidp.db.prune;

import dev.aidp.db.queue.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Drops the monthly partitions of `job_logs` that are past and empty.
public final class DropLogPartitions {
  private static final String PAST =
      """
      select c.relname
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'aidp.job_logs'::regclass and c.relname ~ '^job_logs_[0-9]{6}$'
        and c.relname < 'job_logs_' || to_char(now() at time zone 'UTC', 'YYYYMM')
      order by c.relname
      """;

  // Whoever writes logs waits behind this lock, so it is not waited for: next time will do.
  private static final String LOCK =
      "set local lock_timeout = '500ms'; lock table aidp.job_logs in access exclusive mode";

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private DropLogPartitions() {}

  /// @return how many were dropped; those that are in use stay
  public static int empty(Connection connection) throws SQLException {
    int dropped = 0;
    for (String partition : past(connection)) {
      if (isEmpty(connection, partition) && drop(connection, partition)) {
        dropped++;
      }
    }
    return dropped;
  }

  private static List<String> past(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PAST);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /// @param partition of a form that needs no quotes
  private static boolean isEmpty(Connection connection, String partition) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select exists (select from aidp." + partition + ")")) {
      row.next();
      return !row.getBoolean(1);
    }
  }

  private static boolean drop(Connection connection, String partition) throws SQLException {
    try {
      return Transaction.run(
          connection,
          transaction -> {
            try (Statement statement = transaction.createStatement()) {
              statement.execute(LOCK);
              // Somebody may have written since the look.
              boolean empty = isEmpty(transaction, partition);
              if (empty) {
                statement.execute("drop table aidp." + partition);
              }
              return empty;
            }
          });
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
