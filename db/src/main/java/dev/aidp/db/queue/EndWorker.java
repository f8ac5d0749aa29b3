package dev.aidp.db.queue;

import static dev.aidp.db.schema.Tables.WORKERS;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;

import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Takes a worker out of the living: it claims nothing more, and its leases can be ended by others.
public final class EndWorker {
  // The database's clock: jOOQ's currentOffsetDateTime() is the time of the transaction.
  private static final Field<OffsetDateTime> CLOCK =
      field("clock_timestamp()", OffsetDateTime.class);

  private EndWorker() {}

  /// Why a worker is no more.
  public enum Reason {
    /// It said so itself.
    STOPPED,
    /// It was silent for too long, or its process is gone.
    LOST
  }

  /// @param silentFor how long it must have been silent by the database's clock; null: in any case
  /// @return whether this call ended it
  public static boolean end(
      Connection connection, long workerId, Reason reason, @Nullable Duration silentFor)
      throws SQLException {
    // Keeps a reaper from ending a worker that beat in between.
    Condition silent =
        silentFor == null
            ? noCondition()
            : WORKERS.LAST_SEEN_AT.lt(
                DSL.field(
                    "clock_timestamp() - {0} * interval '1 ms'",
                    OffsetDateTime.class, DSL.val(silentFor.toMillis())));
    return TypedSql.with(
        connection,
        sql ->
            sql.update(WORKERS)
                    .set(WORKERS.ENDED_AT, CLOCK)
                    .set(WORKERS.END_REASON, reason.name().toLowerCase(Locale.ROOT))
                    .where(WORKERS.ID.eq(workerId), WORKERS.ENDED_AT.isNull(), silent)
                    .execute()
                == 1);
  }
}
