package dev.aidp.db.testing;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.migrate.Migrator;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// A database of a test's own, migrated and empty, on a real PostgreSQL; see [TestServer] for
/// which. Safe for use by several threads.
public final class TestDatabase implements AutoCloseable {
  /// Two builds may share one server.
  private static final String PREFIX =
      "aidp_test_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()) + "_";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final DatabaseAddress address;
  private final Connections connections;
  private final String name;

  private TestDatabase(DatabaseAddress server, String name) {
    this.name = name;
    this.address = server.withDatabase(name);
    this.connections = Connections.to(address);
  }

  /// A migrated database. Close it to drop it.
  public static TestDatabase create() {
    return create(Template.NAME);
  }

  /// A database without the schema. Close it to drop it.
  public static TestDatabase createEmpty() {
    return create("template0");
  }

  private static TestDatabase create(String template) {
    DatabaseAddress server = TestServer.address();
    String name = PREFIX + COUNT.incrementAndGet();
    execute(server, "create database " + name + " template " + template);
    return new TestDatabase(server, name);
  }

  public DatabaseAddress address() {
    return address;
  }

  /// Connections to it, as the program opens them.
  public Connections connections() {
    return connections;
  }

  /// Opens a new connection each time.
  public DataSource dataSource() {
    return connections.dataSource("test", Connections.STATEMENT_TIMEOUT);
  }

  /// Runs statements in one go, in autocommit mode.
  public void execute(String sql) {
    execute(address, sql);
  }

  /// Drops the database, ending all connections to it.
  @Override
  public void close() {
    execute(TestServer.address(), "drop database if exists " + name + " with (force)");
  }

  private static void execute(DatabaseAddress where, String sql) {
    try (Connection connection = Connections.to(where).open("test", Duration.ofMinutes(2));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Migrated once for each JVM; copying it is quicker than migrating.
  private static final class Template {
    static final String NAME = PREFIX + "template";

    static {
      DatabaseAddress server = TestServer.address();
      execute(server, "create database " + NAME + " template template0");
      Migrator.migrate(Connections.to(server.withDatabase(NAME)));
      if (TestServer.outlivesThisJvm()) {
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> execute(server, "drop database if exists " + NAME + " with (force)")));
      }
    }
  }
}
