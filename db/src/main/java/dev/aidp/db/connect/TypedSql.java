package dev.aidp.db.connect;

import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/// jOOQ's typed statements on a JDBC connection, failing with the driver's own exceptions: callers
/// tell by them whether to try again.
public final class TypedSql {
  private TypedSql() {}

  /// Statements in terms of the generated classes.
  public interface Work<T> {
    T run(DSLContext sql) throws SQLException;
  }

  /// Neither begins nor commits anything; the connection stays open.
  public static <T> T with(Connection connection, Work<T> work) throws SQLException {
    try {
      return work.run(DSL.using(connection, SQLDialect.POSTGRES));
    } catch (DataAccessException e) {
      SQLException cause = e.getCause(SQLException.class);
      if (cause != null) {
        throw cause;
      }
      throw e;
    }
  }
}
