package dev.aidp.db.queue;

import static dev.aidp.db.schema.Tables.WORKERS;

import dev.aidp.db.connect.TypedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jooq.Records;

/// Makes a worker known, before its first claim.
public final class RegisterWorker {
  private RegisterWorker() {}

  /// What a worker says of itself.
  ///
  /// @param processStarted start time of its process in the operating system's own unit, which
  ///   tells a reused pid
  public record Facts(
      String host,
      int pid,
      String bootId,
      String pidNamespace,
      long processStarted,
      int slots,
      List<String> providers,
      boolean background,
      String version) {}

  /// A row of `aidp.workers`: a worker that was declared dead registers anew under another id.
  public record Registered(long id, UUID incarnation) {}

  /// @return the new row's name
  public static Registered register(Connection connection, Facts facts) throws SQLException {
    return TypedSql.with(
        connection,
        sql ->
            sql.insertInto(WORKERS)
                .set(WORKERS.HOST, facts.host())
                .set(WORKERS.PID, facts.pid())
                .set(WORKERS.BOOT_ID, facts.bootId())
                .set(WORKERS.PID_NAMESPACE, facts.pidNamespace())
                .set(WORKERS.PROCESS_STARTED, facts.processStarted())
                .set(WORKERS.SLOTS, facts.slots())
                .set(WORKERS.PROVIDERS, facts.providers().toArray(String[]::new))
                .set(WORKERS.BACKGROUND, facts.background())
                .set(WORKERS.VERSION, facts.version())
                .returningResult(WORKERS.ID, WORKERS.INCARNATION)
                .fetchSingle(Records.mapping(Registered::new)));
  }
}
