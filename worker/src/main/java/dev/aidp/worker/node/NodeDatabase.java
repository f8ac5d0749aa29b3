package dev.aidp.worker.node;

import java.sql.Connection;
import java.sql.SQLException;

/// Where a node reads its inputs, and says that it begins. Repeats what it is given while the
/// database is away.
public interface NodeDatabase {

  /// @throws NodeDatabase.Gone if the worker stops, or the database refuses the query
  <T> T read(Query<T> query) throws InterruptedException, Gone;

  /// Records that an agent may have done something from now on.
  ///
  /// @return false: the lease is lost, so it must not begin
  boolean begin() throws InterruptedException;

  /// A query that can be repeated.
  interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  /// What was asked for will not be answered.
  final class Gone extends Exception {
    private static final long serialVersionUID = 1L;

    public Gone(Throwable cause) {
      super(cause);
    }
  }
}
