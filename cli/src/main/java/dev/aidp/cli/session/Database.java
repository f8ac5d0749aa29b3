package dev.aidp.cli.session;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseSettings;
import dev.aidp.db.migrate.Migrator;
import dev.aidp.db.read.DatabaseIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The database of one invocation, over one plain connection that is opened when it is first
/// needed, and again when it was lost. For one thread at a time.
public final class Database implements AutoCloseable {
  /// How long a waiting command bears a database that is away.
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Session session;
  private @Nullable DatabaseSettings settings;
  private @Nullable Connections connections;
  private @Nullable Connection connection;
  private boolean current;
  private @Nullable UUID id;

  Database(Session session) {
    this.session = session;
  }

  /// Work over a connection in autocommit mode, which it does not close.
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T on(Connection connection) throws SQLException;
  }

  /// Which database is configured.
  public DatabaseSettings settings() {
    if (settings == null) {
      settings =
          DatabaseSettings.resolve(
              session.environment(),
              session.configuration().settings().databaseUrl(),
              session.directories().home());
    }
    return settings;
  }

  /// Starts the embedded server if that is the one.
  public Connections connections() {
    if (connections == null) {
      connections = DatabaseSource.connections(settings());
      session.console().debug("database " + connections.address().display());
    }
    return connections;
  }

  boolean opened() {
    return connection != null;
  }

  /// @throws AidpException (database)
  public <T extends @Nullable Object> T call(Work<T> work) {
    try {
      return work.on(open());
    } catch (SQLException e) {
      if (Connections.isTransient(e)) {
        disconnect();
      }
      throw connections().failure(e);
    }
  }

  /// As [#call], again and again while the database is away, up to a limit, with a note to the
  /// user. For work that may be done twice.
  public <T extends @Nullable Object> T patiently(Work<T> work) throws InterruptedException {
    long deadline = 0;
    while (true) {
      try {
        return call(work);
      } catch (AidpException e) {
        long now = System.nanoTime();
        if (!Connections.isTransient(e)) {
          throw e;
        }
        if (deadline == 0) {
          deadline = now + PATIENCE.toNanos();
          session.console().warn(e.getMessage() + "; trying again");
        } else if (now - deadline > 0) {
          throw e;
        }
        disconnect();
        Thread.sleep(PAUSE);
      }
    }
  }

  /// Whether nobody but processes of this host can reach it.
  public boolean embedded() {
    return settings() instanceof DatabaseSettings.Embedded;
  }

  /// The identity of this database, which its name and port are not.
  public UUID id() {
    if (id == null) {
      id = call(DatabaseIdentity::of);
    }
    return id;
  }

  private Connection open() {
    if (connection == null) {
      Connections source = connections();
      connection = source.open("command");
      if (!current) {
        Migrator.ensureCurrent(source, connection);
        current = true;
      }
    }
    return connection;
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        session.console().debug("closing a connection failed: " + e.getMessage());
      }
      connection = null;
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}
