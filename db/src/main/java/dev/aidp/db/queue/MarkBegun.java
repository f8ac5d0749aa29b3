package dev.aidp.db.queue;

import static dev.aidp.db.schema.Tables.LEASES;
import static dev.aidp.db.schema.Tables.WORKERS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.val;

import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Records, before an agent's process is started, that it may have done something from now on.
public final class MarkBegun {
  private MarkBegun() {}

  /// @param sessionId if it was chosen by us; null: the agent will give one
  /// @return false: the lease was lost, so do not start
  public static boolean mark(Connection connection, LeaseRef lease, @Nullable String sessionId)
      throws SQLException {
    return TypedSql.with(
        connection,
        sql ->
            sql.update(LEASES)
                    .set(LEASES.BEGUN, true)
                    .set(
                        LEASES.SESSION_ID,
                        coalesce(val(sessionId, LEASES.SESSION_ID), LEASES.SESSION_ID))
                    .from(WORKERS)
                    .where(
                        LEASES.JOB_ID.eq(lease.jobId()),
                        LEASES.EXECUTION_ID.eq(lease.executionId()),
                        LEASES.TOKEN.eq(lease.token()),
                        // A worker that was declared dead while its claim was on the way has the
                        // lease until a reaper sees it: it must not start what another is about to.
                        WORKERS.ID.eq(LEASES.WORKER_ID),
                        WORKERS.ENDED_AT.isNull())
                    .execute()
                == 1);
  }
}
