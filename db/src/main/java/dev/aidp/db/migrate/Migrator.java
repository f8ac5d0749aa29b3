package dev.aidp.db.migrate;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Makes and upgrades the schema `aidp`.
///
/// A schema newer than this program is used as it is, for migrations only add, unless the schema
/// itself names a later program as the oldest that may use it.
public final class Migrator {
  /// What a schema's `minimum_program` is compared with. Raise it when a migration is made that
  /// older programs can't work with.
  public static final int PROGRAM = 1;

  /// The version of the newest migration that this program ships.
  public static final int SCHEMA = 8;

  private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "3F000");

  private Migrator() {}

  /// The schema of a database.
  ///
  /// @param version of its newest migration
  /// @param minimumProgram the oldest [#PROGRAM] that may use it
  public record Schema(int version, int minimumProgram) {}

  /// Migrates if the schema is missing or older than this program; one cheap query if it is not.
  ///
  /// @throws AidpException (database) when the schema is too new, or can't be read or migrated
  public static void ensureCurrent(Connections connections) {
    try (Connection connection = connections.open("migrate")) {
      ensureCurrent(connections, connection);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  /// As [#ensureCurrent(Connections)], asking over a connection that is open already.
  ///
  /// @param connection in autocommit mode; stays open
  public static void ensureCurrent(Connections connections, Connection connection) {
    Optional<Schema> schema = read(connections, connection);
    schema.ifPresent(Migrator::refuseIfTooNew);
    if (schema.isEmpty() || schema.get().version() < SCHEMA) {
      migrate(connections);
    }
  }

  /// Runs the migrations that are missing. Safe when several processes do it at once: one migrates,
  /// the others wait for it.
  ///
  /// @return the schema as it is afterwards
  /// @throws AidpException (database) when the schema is too new, or a migration fails
  public static Schema migrate(Connections connections) {
    FlywayMigration.run(connections);
    Optional<Schema> schema = current(connections);
    schema.ifPresent(Migrator::refuseIfTooNew);
    return schema.orElseThrow(() ->
        new AidpException(
            ErrorCategory.DATABASE,
            "The schema aidp of "
                + connections.address().display()
                + " says that it is migrated, but has no row in aidp.schema_info",
            "Restore it from a backup, or drop the schema and type `aidp db migrate`"));
  }

  /// The schema as it is, empty where there is none yet. Changes nothing.
  public static Optional<Schema> current(Connections connections) {
    try (Connection connection = connections.open("schema")) {
      return read(connections, connection);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  static Optional<Schema> read(Connections connections, Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select schema_version, minimum_program from aidp.schema_info")) {
      return row.next() ? Optional.of(new Schema(row.getInt(1), row.getInt(2))) : Optional.empty();
    } catch (SQLException e) {
      if (NO_SUCH_TABLE.contains(Objects.requireNonNullElse(e.getSQLState(), ""))) {
        return Optional.empty();
      }
      throw connections.failure(e);
    }
  }

  static void refuseIfTooNew(Schema schema) {
    if (schema.minimumProgram() > PROGRAM) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "The database's schema (version "
              + schema.version()
              + ") needs a newer aidp: program level "
              + schema.minimumProgram()
              + ", and this one has "
              + PROGRAM,
          "Upgrade aidp on this machine");
    }
  }
}
