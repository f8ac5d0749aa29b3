package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.SQLException;

/// A transaction of several statements on a connection that is in autocommit mode before and after.
public final class Transaction {
  private static final int ATTEMPTS = 10;
  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";

  private Transaction() {}

  /// What is done in it. It may be run several times, so it keeps its state in itself.
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// Runs and commits, again where a deadlock or a serialization conflict was resolved against it;
  /// rolls back when the work throws.
  public static <T> T run(Connection connection, Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(connection, work);
      } catch (SQLException e) {
        boolean conflict =
            DEADLOCK.equals(e.getSQLState()) || SERIALIZATION.equals(e.getSQLState());
        if (!conflict || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static <T> T once(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try {
      result = work.run(connection);
      connection.commit();
    } catch (SQLException | RuntimeException | Error e) {
      try {
        // Before autocommit is turned on again, which would commit.
        connection.rollback();
        connection.setAutoCommit(true);
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }
}
