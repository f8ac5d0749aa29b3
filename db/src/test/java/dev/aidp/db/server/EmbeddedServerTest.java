package dev.aidp.db.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// One home for all tests, since making one takes seconds; each test starts or stops it first.
class EmbeddedServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path home;
  private static EmbeddedServer server;

  @BeforeAll
  static void twoProcessesStartItAtOnce() throws Exception {
    Process one = ServerProcess.start(home);
    Process two = ServerProcess.start(home);
    String first = new String(one.getInputStream().readAllBytes(), UTF_8);
    String second = new String(two.getInputStream().readAllBytes(), UTF_8);
    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(first).startsWith("postgresql://aidp:").isEqualTo(second);
    server = EmbeddedServer.at(home);
    assertThat(server.start().toUri() + "\n").isEqualTo(first);
  }

  @AfterAll
  static void stop() {
    server.stop(LIMIT);
  }

  @Test
  void isDurablePrivateAndIndependentOfTheSystemsLocale() throws Exception {
    DatabaseAddress address = server.start();
    assertThat(show(address, "fsync")).isEqualTo("on");
    assertThat(show(address, "synchronous_commit")).isEqualTo("on");
    assertThat(show(address, "full_page_writes")).isEqualTo("on");
    assertThat(show(address, "listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(show(address, "unix_socket_directories")).isEmpty();
    assertThat(show(address, "max_connections")).isEqualTo("200");
    assertThat(show(address, "server_encoding")).isEqualTo("UTF8");
    assertThat(
            query(
                address,
                "select datlocprovider::text || datlocale from pg_database where datname = 'aidp'"))
        .isEqualTo("bC.UTF-8");
    assertThat(query(address, "select upper('é')")).isEqualTo("É");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("postgres/server"))))
        .isEqualTo("rw-------");
    assertThatThrownBy(
            () -> Connections.to(DatabaseAddress.embedded(port(), "aidp", "guessed")).open("thief"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void leavesItsStartersSessionAndEnvironment() throws Exception {
    server.start();
    long pid = Objects.requireNonNull(server.status().pid());
    assertThat(Files.readString(Path.of("/proc/" + pid + "/environ")))
        .doesNotContain("AIDP", "marker");
    String[] stat = Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ", -1);
    assertThat(stat[5]).as("session").isEqualTo(Long.toString(pid));
  }

  @Test
  void staysStoppedForThoseWhoAskUntilSomebodyStartsIt() {
    server.start();
    assertThat(server.stop(LIMIT)).isTrue();
    assertThat(server.stop(LIMIT)).isFalse();
    assertThat(server.running()).isEmpty();
    assertThat(server.startUnlessStopped()).isEmpty();
    assertThat(server.status())
        .returns(ServerStatus.State.STOPPED, ServerStatus::state)
        .returns(true, ServerStatus::stoppedOnPurpose)
        .returns(null, ServerStatus::pid);
    DatabaseAddress address = server.start();
    assertThat(server.startUnlessStopped()).contains(address);
    assertThat(server.running()).contains(address);
    assertThat(server.status())
        .returns(ServerStatus.State.RUNNING, ServerStatus::state)
        .returns(false, ServerStatus::stoppedOnPurpose);
  }

  @Test
  void recoversFromAPowerOff() throws Exception {
    DatabaseAddress address = server.start();
    query(address, "create table kept as select 1 as n; select 'ok'");
    killServer();
    assertThat(server.running()).isEmpty();
    // The process id of the dead server may meanwhile be anybody's.
    Path pidFile = server.dataDirectory().resolve("postmaster.pid");
    String old = Files.readString(pidFile);
    Files.writeString(pidFile, ProcessHandle.current().pid() + old.substring(old.indexOf('\n')));
    DatabaseAddress again = server.start();
    assertThat(query(again, "select n from kept")).isEqualTo("1");
    query(again, "drop table kept; select 'ok'");
  }

  @Test
  void recoversFromATornPidFile() throws Exception {
    server.stop(LIMIT);
    Files.writeString(server.dataDirectory().resolve("postmaster.pid"), "");
    assertThat(query(server.start(), "select 1")).isEqualTo("1");
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
    server.start();
    int port = port();
    server.stop(LIMIT);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      assertThat(query(server.start(), "select 1")).isEqualTo("1");
      assertThat(port()).isNotEqualTo(port);
    }
  }

  @Test
  void keepsItsPort() {
    server.start();
    int port = port();
    server.stop(LIMIT);
    server.start();
    assertThat(port()).isEqualTo(port);
  }

  @Test
  void getsANewPasswordWhenTheOldOneIsLost() throws Exception {
    server.start();
    server.stop(LIMIT);
    Files.delete(home.resolve("postgres/server"));
    assertThat(query(server.start(), "select 1")).isEqualTo("1");
  }

  @Test
  void refusesTheDataOfAnotherMajorVersion() throws Exception {
    server.start();
    server.stop(LIMIT);
    Path version = server.dataDirectory().resolve("PG_VERSION");
    Files.writeString(version, "17\n");
    try {
      assertThatThrownBy(server::start)
          .isInstanceOf(AidpException.class)
          .hasMessageContaining("was made by PostgreSQL 17, but this aidp brings PostgreSQL 18");
    } finally {
      Files.writeString(version, "18\n");
    }
  }

  @Test
  void sharesAServerThatASandboxCanReach() throws Exception {
    DatabaseAddress address = server.start();
    replaceOwner("pidNamespace", "pid:[1]");
    assertThat(server.running()).contains(address);
    assertThat(server.start()).isEqualTo(address);
    replaceOwner("pidNamespace", Host.pidNamespace());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesAServerThatMayLiveInAnotherContainer() throws Exception {
    server.start();
    server.stop(LIMIT);
    replaceOwner("pidNamespace", "pid:[1]");
    Path pidFile = server.dataDirectory().resolve("postmaster.pid");
    Files.writeString(pidFile, "1\n" + server.dataDirectory() + "\n0\n1\n\n\n\nready\n");
    Process container =
        new ProcessBuilder(
                "flock", home.resolve("postgres/alive").toString(), "sh", "-c", "echo; cat")
            .start();
    assertThat(container.getInputStream().read()).isEqualTo('\n');

    assertThat(server.status().state()).isEqualTo(ServerStatus.State.ELSEWHERE);
    assertThatThrownBy(server::start)
        .isInstanceOfSatisfying(
            AidpException.class,
            e -> {
              assertThat(e).hasMessageContaining("belongs to another machine or container");
              assertThat(e.remedy()).contains("AIDP_DATABASE_URL", "AIDP_HOME");
            });

    container.getOutputStream().close();
    assertThat(container.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(query(server.start(), "select 1")).isEqualTo("1");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void recoversAfterAReboot() throws Exception {
    server.start();
    killServer();
    replaceOwner("boot", "before");
    assertThat(query(server.start(), "select 1")).isEqualTo("1");
  }

  @Test
  void boundsItsLog() throws Exception {
    server.start();
    Path log = server.logFile();
    Files.writeString(log, "x".repeat(17 << 20));
    server.start();
    assertThat(Files.size(log)).isZero();
    assertThat(Files.size(log.resolveSibling("server.log.1"))).isEqualTo(17 << 20);
  }

  private static int port() {
    return Objects.requireNonNull(server.status().port());
  }

  private static void replaceOwner(String key, String value) throws IOException {
    Path file = home.resolve("postgres/server");
    Files.writeString(
        file, Files.readString(file).replaceAll("(?m)^" + key + "=.*$", key + "=" + value));
  }

  /// As a power-off would: nothing is cleaned up.
  private static void killServer() throws Exception {
    long pid = Objects.requireNonNull(server.status().pid());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static String show(DatabaseAddress address, String setting) throws SQLException {
    return query(address, "show " + setting);
  }

  private static String query(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = Connections.to(address).open("test");
        Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      while (!rows) {
        rows = statement.getMoreResults();
      }
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
