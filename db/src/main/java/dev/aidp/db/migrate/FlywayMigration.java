package dev.aidp.db.migrate;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Everything that loads Flyway's classes, apart, so that a command that need not migrate does not
/// pay for them.
final class FlywayMigration {
  private static final String LOCATION = "classpath:dev/aidp/db/migration";

  /// Any number; the same in all versions of aidp, so that they wait for each other.
  private static final long LOCK = 0x61696470_6d696772L;

  private FlywayMigration() {}

  static void run(Connections connections) {
    // Flyway's own lock does not cover making the schema and the history table.
    try (Connection lock = connections.open("migrate lock", Duration.ZERO)) {
      lock.setAutoCommit(false);
      try (Statement statement = lock.createStatement()) {
        // The lock's transaction idles while Flyway works, and it may have to wait for long.
        statement.execute("set local idle_in_transaction_session_timeout = 0");
        statement.execute("set local lock_timeout = 0");
        // A transaction's lock, for a session's would not work behind a pooler.
        statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
      }
      // Whoever held the lock may have been a newer program.
      Optional<Migrator.Schema> schema = Migrator.current(connections);
      schema.ifPresent(Migrator::refuseIfTooNew);
      if (schema.isEmpty() || schema.get().version() < Migrator.SCHEMA) {
        createSchema(connections);
        migrate(connections);
      }
      lock.rollback();
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  /// Flyway would try ten times, a second apart, where the permission is missing.
  private static void createSchema(Connections connections) throws SQLException {
    try (Connection connection = connections.open("migrate");
        Statement statement = connection.createStatement()) {
      // Not "if not exists", which needs the permission even where the schema exists.
      statement.execute(
          """
          do $$
          begin
            if to_regnamespace('aidp') is null then
              create schema aidp;
            end if;
          end $$
          """);
    }
  }

  private static void migrate(Connections connections) {
    try {
      Flyway.configure(FlywayMigration.class.getClassLoader())
          .dataSource(connections.dataSource("migrate", Duration.ZERO))
          .locations(LOCATION)
          .schemas("aidp")
          .defaultSchema("aidp")
          .createSchemas(false)
          .table("schema_history")
          .validateMigrationNaming(true)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw failure(connections, e);
    }
  }

  private static AidpException failure(Connections connections, FlywayException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        AidpException translated = connections.failure(sql);
        return new AidpException(
            translated.category(),
            "Migrating the schema aidp failed: " + translated.getMessage(),
            translated.remedy(),
            e);
      }
    }
    return new AidpException(
        ErrorCategory.DATABASE,
        "Migrating the schema aidp failed: "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        "Look at aidp.schema_history; AIDP_DEBUG=1 shows all of the error",
        e);
  }
}
