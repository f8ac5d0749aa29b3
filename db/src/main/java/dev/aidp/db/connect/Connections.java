package dev.aidp.db.connect;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.aidp.core.error.AidpException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/// Opens connections to one database, each named in `pg_stat_activity` and with timeouts set.
///
/// Behind a pooler such as PgBouncer a session's settings, LISTEN and named prepared statements do
/// not last from one transaction to the next. Whether that is so is found out with the first
/// connection; see [#sessionFeatures()]. Safe for use by several threads.
public final class Connections {
  /// How long one statement may take where nothing else is asked for.
  public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(60);
  private static final int CONNECT_TIMEOUT_SECONDS = 10;
  private static final String WORKER = "worker";

  // A worker's statements are planned once and kept. What was planned while the queue was empty
  // would read its tables from end to end once it is full, until autovacuum comes by a minute
  // later:
  // 1.5 ms a job instead of 0.03. By itself the server would plan the claim each time, for half a
  // millisecond. And before PostgreSQL 18, what has no index would cost so much on
  // paper that it would be compiled each time.
  private static final String STEADY_PLANS =
      " -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan";

  private static final String PROTOCOL_VIOLATION = "08P01";

  // pgjdbc logs to stderr which of several hosts it could not reach, though the next one answers.
  private static final Logger DRIVER_LOGGER = Logger.getLogger("org.postgresql");

  private final Supplier<DatabaseAddress> addresses;

  /// Null until the first connection has told.
  private volatile @Nullable Boolean sessionFeatures;

  static {
    DRIVER_LOGGER.setLevel(Level.OFF);
  }

  private Connections(Supplier<DatabaseAddress> addresses) {
    this.addresses = addresses;
  }

  /// Connections to a database that stays where it is.
  public static Connections to(DatabaseAddress address) {
    return new Connections(() -> address);
  }

  /// Connections to a database that may move: the embedded server takes another port when its old
  /// one is taken.
  ///
  /// @param current asked before each new connection, from any thread; its exceptions pass through
  public static Connections to(Supplier<DatabaseAddress> current) {
    return new Connections(current);
  }

  /// Where the next connection goes.
  public DatabaseAddress address() {
    return addresses.get();
  }

  /// Opens a connection in autocommit mode, with [#STATEMENT_TIMEOUT]. The caller closes it.
  ///
  /// @param purpose what it is for, such as `jobs list`; shown in `pg_stat_activity`. One that
  ///   begins with `worker` gets plans that stay good while the queue fills and empties
  /// @throws AidpException (database) when it can't be opened; its cause tells [#isTransient]
  public Connection open(String purpose) {
    return open(purpose, STATEMENT_TIMEOUT);
  }

  /// As [#open(String)].
  ///
  /// @param statementTimeout zero: none, for migrations
  public Connection open(String purpose, Duration statementTimeout) {
    DatabaseAddress address = addresses.get();
    try {
      return connect(address, purpose, statementTimeout);
    } catch (SQLException e) {
      throw DatabaseErrors.translate(e, address);
    }
  }

  /// A pool of such connections. The caller closes it.
  ///
  /// @throws AidpException (database) when its first connection can't be opened
  public HikariDataSource pool(String purpose, int maxSize) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("aidp " + purpose);
    config.setDataSource(dataSource(purpose, STATEMENT_TIMEOUT));
    config.setMaximumPoolSize(maxSize);
    config.setMinimumIdle(1);
    config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
    config.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      if (e.getCause() instanceof AidpException cause) {
        throw cause;
      }
      if (e.getCause() instanceof SQLException cause) {
        throw failure(cause);
      }
      throw e;
    }
  }

  /// A data source that opens a new connection each time.
  ///
  /// @param statementTimeout zero: none
  public DataSource dataSource(String purpose, Duration statementTimeout) {
    return new OpeningDataSource(() -> connect(addresses.get(), purpose, statementTimeout));
  }

  /// Whether LISTEN, session settings and named prepared statements work: false behind a pooler.
  /// Opens a connection if there has been none yet.
  ///
  /// @throws AidpException (database) when the database can't be reached
  public boolean sessionFeatures() {
    Boolean known = sessionFeatures;
    if (known == null) {
      try {
        open("probe").close();
      } catch (SQLException e) {
        throw failure(e);
      }
      known = Objects.requireNonNull(sessionFeatures);
    }
    return known;
  }

  /// What a failed statement means, for a user's eyes.
  public AidpException failure(SQLException e) {
    return DatabaseErrors.translate(e, addresses.get());
  }

  /// Whether the same work may well succeed when tried again, on a new connection: the connection
  /// was lost or refused, the server restarts, or a deadlock or serialization conflict was resolved
  /// against us. Looks through the causes, so wrapped exceptions count too.
  public static boolean isTransient(Throwable failure) {
    return DatabaseErrors.isTransient(failure);
  }

  private Connection connect(DatabaseAddress address, String purpose, Duration statementTimeout)
      throws SQLException {
    Connection connection;
    if (Boolean.FALSE.equals(sessionFeatures)) {
      connection = connectPooled(address, purpose, statementTimeout);
    } else {
      connection = connectAndProbe(address, purpose, statementTimeout);
    }
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < DatabaseErrors.OLDEST_MAJOR) {
      String version = connection.getMetaData().getDatabaseProductVersion();
      connection.close();
      throw DatabaseErrors.tooOld(address, version);
    }
    return connection;
  }

  private Connection connectAndProbe(
      DatabaseAddress address, String purpose, Duration statementTimeout) throws SQLException {
    Connection connection;
    try {
      connection = connectDirectly(address, purpose, statementTimeout);
    } catch (SQLException e) {
      // PgBouncer: "unsupported startup parameter: options".
      if (!PROTOCOL_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      sessionFeatures = false;
      return connectPooled(address, purpose, statementTimeout);
    }
    if (sessionFeatures != null || address.embedded()) {
      sessionFeatures = true;
      return connection;
    }
    boolean direct;
    try {
      direct = isDirect(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    sessionFeatures = direct;
    if (direct) {
      return connection;
    }
    connection.close();
    return connectPooled(address, purpose, statementTimeout);
  }

  /// A pooler may be told to ignore `options`, so a login that worked proves nothing. But the
  /// process id that it hands out is of its own invention.
  private static boolean isDirect(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      return row.next() && row.getInt(1) == connection.unwrap(PGConnection.class).getBackendPID();
    }
  }

  private static Connection connectDirectly(
      DatabaseAddress address, String purpose, Duration statementTimeout) throws SQLException {
    Properties properties = properties(address, purpose, statementTimeout);
    // Spares two round trips; a pooler refuses what is then sent with the login.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
    PGProperty.OPTIONS.set(
        properties,
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d%s"
            .formatted(
                statementTimeout.toMillis(),
                LOCK_TIMEOUT.toMillis(),
                IDLE_IN_TRANSACTION_TIMEOUT.toMillis(),
                purpose.startsWith(WORKER) ? STEADY_PLANS : ""));
    return connect(address, properties);
  }

  private static Connection connectPooled(
      DatabaseAddress address, String purpose, Duration statementTimeout) throws SQLException {
    Properties properties = properties(address, purpose, statementTimeout);
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    return connect(address, properties);
  }

  private static Properties properties(
      DatabaseAddress address, String purpose, Duration statementTimeout) {
    Properties properties = new Properties();
    if (address.user() != null) {
      PGProperty.USER.set(properties, address.user());
    }
    if (address.password() != null) {
      PGProperty.PASSWORD.set(properties, address.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "aidp " + purpose);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
    int hosts = 1 + (int) address.display().chars().filter(c -> c == ',').count();
    PGProperty.LOGIN_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS * (hosts + 1));
    // A link that died silently is noticed a while after the statement should have ended.
    int socketSeconds =
        statementTimeout.isZero() ? 0 : Math.toIntExact(statementTimeout.toSeconds() + 30);
    PGProperty.SOCKET_TIMEOUT.set(properties, socketSeconds);
    if (address.embedded()) {
      // Loopback without TLS: asking for either would cost a round trip each.
      PGProperty.SSL_MODE.set(properties, "disable");
      PGProperty.GSS_ENC_MODE.set(properties, "disable");
    }
    return properties;
  }

  private static Connection connect(DatabaseAddress address, Properties properties)
      throws SQLException {
    Connection connection = new Driver().connect(address.jdbcUrl(), properties);
    return Objects.requireNonNull(connection, "not a PostgreSQL URL");
  }
}
