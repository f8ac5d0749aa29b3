package dev.aidp.bench;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.migrate.Migrator;
import dev.aidp.db.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A fresh database for one scenario, on the server that was named or on an embedded one that is
/// started for it and stopped afterwards.
final class BenchDatabase implements AutoCloseable {
  private final Connections admin;
  private final Connections connections;
  private final DatabaseAddress address;
  private final String name;
  private final @Nullable EmbeddedServer embedded;

  private BenchDatabase(DatabaseAddress server, String name, @Nullable EmbeddedServer embedded) {
    this.admin = Connections.to(server);
    this.name = name;
    this.embedded = embedded;
    execute(admin, "create database " + name);
    this.address = server.withDatabase(name);
    this.connections = Connections.to(address);
  }

  /// @param url null: an embedded server in a directory of its own
  static BenchDatabase open(@Nullable String url, boolean migrate) {
    String name = "aidp_bench_" + ProcessHandle.current().pid() + "_" + System.nanoTime();
    BenchDatabase database;
    if (url != null) {
      database = new BenchDatabase(DatabaseAddress.parse(url), name, null);
    } else {
      EmbeddedServer server = EmbeddedServer.at(scratch());
      database = new BenchDatabase(server.start(), name, server);
    }
    if (migrate) {
      Migrator.migrate(database.connections);
    }
    return database;
  }

  /// Another fresh database on the same server. The caller closes it before this one.
  BenchDatabase another(boolean migrate) {
    BenchDatabase database =
        new BenchDatabase(
            address, "aidp_bench_" + ProcessHandle.current().pid() + "_" + System.nanoTime(), null);
    if (migrate) {
      Migrator.migrate(database.connections);
    }
    return database;
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("aidp-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Connections connections() {
    return connections;
  }

  DatabaseAddress address() {
    return address;
  }

  void execute(String sql) {
    execute(connections, sql);
  }

  private static void execute(Connections connections, String sql) {
    try (Connection connection = connections.open("bench", Duration.ofMinutes(10));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  long number(String sql) {
    try (Connection connection = connections.open("bench");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  String text(String sql) {
    try (Connection connection = connections.open("bench");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
  }

  /// Bytes of write-ahead log since the server was made.
  long walBytes() {
    return number("select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint");
  }

  @Override
  public void close() {
    execute(admin, "drop database if exists " + name + " with (force)");
    if (embedded != null) {
      embedded.stop(Duration.ofSeconds(30));
    }
  }
}
