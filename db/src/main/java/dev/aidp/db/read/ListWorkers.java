package dev.aidp.db.read;

import static dev.aidp.db.schema.Tables.LEASES;
import static dev.aidp.db.schema.Tables.WORKERS;
import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;

/// The workers that live, with what they run.
public final class ListWorkers {
  private static final Field<Long> HEARTBEAT_AGE_MS =
      field(
          "(extract(epoch from clock_timestamp() - {0}) * 1000)::bigint",
          Long.class, WORKERS.LAST_SEEN_AT);

  private static final Field<Long[]> RUNNING =
      array(
          select(LEASES.JOB_ID)
              .from(LEASES)
              .where(LEASES.WORKER_ID.eq(WORKERS.ID))
              .orderBy(LEASES.JOB_ID));

  private ListWorkers() {}

  /// A worker as users see it.
  ///
  /// @param running ids of the jobs that it holds
  public record Worker(
      long id,
      String host,
      int pid,
      int slots,
      boolean background,
      boolean draining,
      List<String> providers,
      List<Long> running,
      Instant startedAt,
      Duration heartbeatAge,
      String version) {

    /// Whether it would claim a job of this host label (empty: any) and provider.
    public boolean takes(String jobHost, String provider) {
      return !draining
          && heartbeatAge.compareTo(Duration.ofSeconds(30)) < 0
          && (jobHost.isEmpty() || jobHost.equals(host))
          && providers.contains(provider);
    }
  }

  /// In the order of their ids.
  public static List<Worker> live(Connection connection) throws SQLException {
    return TypedSql.with(
        connection,
        sql ->
            sql.select(
                    WORKERS.ID,
                    WORKERS.HOST,
                    WORKERS.PID,
                    WORKERS.SLOTS,
                    WORKERS.BACKGROUND,
                    WORKERS.DRAINING,
                    WORKERS.PROVIDERS,
                    RUNNING,
                    WORKERS.STARTED_AT,
                    HEARTBEAT_AGE_MS,
                    WORKERS.VERSION)
                .from(WORKERS)
                .where(WORKERS.ENDED_AT.isNull())
                .orderBy(WORKERS.ID)
                .fetch(
                    row ->
                        new Worker(
                            row.value1(),
                            row.value2(),
                            row.value3(),
                            row.value4(),
                            row.value5(),
                            row.value6(),
                            List.of(row.value7()),
                            List.of(row.value8()),
                            row.value9().toInstant(),
                            Duration.ofMillis(Math.max(0, row.value10())),
                            row.value11())));
  }
}
