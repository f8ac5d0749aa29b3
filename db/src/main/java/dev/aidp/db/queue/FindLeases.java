package dev.aidp.db.queue;

import static dev.aidp.db.schema.Tables.LEASES;
import static org.jooq.impl.DSL.any;

import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;

/// Tells which executions still have a lease; a process that belongs to any other is a stray.
public final class FindLeases {
  private FindLeases() {}

  /// @return those of the given executions that have a lease
  public static Set<Long> held(Connection connection, Collection<Long> executionIds)
      throws SQLException {
    return TypedSql.with(
        connection,
        sql ->
            sql.select(LEASES.EXECUTION_ID)
                .from(LEASES)
                .where(LEASES.EXECUTION_ID.eq(any(executionIds.toArray(Long[]::new))))
                .fetchSet(LEASES.EXECUTION_ID));
  }
}
