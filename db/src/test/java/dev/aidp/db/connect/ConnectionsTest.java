package dev.aidp.db.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.testing.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static TestDatabase database;

  @BeforeAll
  static void create() {
    database = TestDatabase.createEmpty();
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void namesItsConnectionsAndLimitsTheirStatements() throws SQLException {
    try (Connection connection = database.connections().open("jobs list")) {
      assertThat(setting(connection, "application_name")).isEqualTo("aidp jobs list");
      assertThat(setting(connection, "statement_timeout")).isEqualTo("1min");
      assertThat(setting(connection, "lock_timeout")).isEqualTo("30s");
      assertThat(setting(connection, "idle_in_transaction_session_timeout")).isEqualTo("1min");
    }
    try (Connection connection = database.connections().open("migrate", Duration.ZERO)) {
      assertThat(setting(connection, "statement_timeout")).isEqualTo("0");
    }
  }

  @Test
  void knowsADirectConnection() throws SQLException {
    DatabaseAddress address = database.address();
    Connections external =
        Connections.to(
            new DatabaseAddress(address.jdbcUrl(), address.user(), address.password(), false));
    assertThat(external.sessionFeatures()).isTrue();
    assertThat(database.connections().sessionFeatures()).isTrue();
    try (Connection connection = external.open("again")) {
      assertThat(setting(connection, "statement_timeout")).isEqualTo("1min");
    }
  }

  @Test
  void poolsConnections() throws SQLException {
    try (HikariDataSource pool = database.connections().pool("worker", 3);
        Connection connection = pool.getConnection()) {
      assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
      assertThat(setting(connection, "application_name")).isEqualTo("aidp worker");
    }
  }

  @Test
  void saysThatNothingListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertFails(
        "postgresql://me:secret@127.0.0.1:" + port + "/db",
        "can't be reached",
        "Check that PostgreSQL runs there, or correct AIDP_DATABASE_URL",
        true);
  }

  @Test
  void saysThatTheHostIsUnknown() {
    assertFails(
        "postgresql://me:secret@no-such-host.invalid/db",
        "unknown host no-such-host.invalid",
        "Correct the host in AIDP_DATABASE_URL",
        true);
  }

  @Test
  void saysThatThePasswordIsWrong() {
    database.execute("create role wrong login password 'right'");
    try {
      String url = database.address().jdbcUrl();
      assertFails(
          new DatabaseAddress(url, "wrong", "secret", false),
          "refused the login of wrong",
          "Check user and password in AIDP_DATABASE_URL",
          false);
    } finally {
      database.execute("drop role wrong");
    }
  }

  @Test
  void saysThatTheDatabaseIsMissing() {
    assertFails(
        database.address().withDatabase("no_such_database"),
        "database \"no_such_database\" does not exist",
        "Create it with `createdb`, or correct the name in AIDP_DATABASE_URL",
        false);
  }

  @Test
  void tellsWhatIsWorthAnotherTry() throws SQLException {
    assertThat(Connections.isTransient(new SQLException("lost", "08006"))).isTrue();
    assertThat(Connections.isTransient(new SQLException("deadlock", "40P01"))).isTrue();
    assertThat(Connections.isTransient(new SQLException("serialization", "40001"))).isTrue();
    assertThat(Connections.isTransient(new SQLException("duplicate", "23505"))).isFalse();
    assertThat(Connections.isTransient(new IllegalStateException("other"))).isFalse();
    try (Connection connection = database.connections().open("victim");
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select pg_terminate_backend(pg_backend_pid())"))
          .satisfies(e -> assertThat(Connections.isTransient(e)).isTrue());
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void assertFails(String url, String what, String next, boolean passing) {
    assertFails(DatabaseAddress.parse(url), what, next, passing);
  }

  private static void assertFails(
      DatabaseAddress address, String what, String next, boolean passing) {
    assertThatThrownBy(() -> Connections.to(address).open("test"))
        .isInstanceOfSatisfying(
            AidpException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.DATABASE);
              assertThat(e.getMessage()).contains(what).doesNotContain("secret", "\n");
              assertThat(e.remedy()).isEqualTo(next);
              assertThat(Connections.isTransient(e)).isEqualTo(passing);
            });
  }
}
