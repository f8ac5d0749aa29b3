package dev.aidp.db.testing;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.server.EmbeddedServer;
import dev.aidp.db.server.ServerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;

/// The embedded server in a home of this JVM's own.
final class EmbeddedTestServer {
  private EmbeddedTestServer() {}

  static DatabaseAddress start() {
    try {
      Path home = Files.createTempDirectory("aidp-test-");
      EmbeddedServer server = EmbeddedServer.at(home);
      DatabaseAddress address = server.start();
      ServerStatus status = server.status();
      watch(Objects.requireNonNull(status.pid()), home);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofMinutes(1))));
      withoutWaitingForTheDisk(address);
      return address;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The pipe to this shell closes when the JVM ends, even by `kill -9`.
  private static void watch(long postmaster, Path home) throws IOException {
    String script =
        """
        trap '' INT TERM HUP
        cat >/dev/null
        kill -INT "$1" 2>/dev/null
        while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
        rm -rf "$2"
        """;
    // The hook keeps it, and so its stdin open, until the end.
    Process watchdog =
        new ProcessBuilder(
                "/bin/sh", "-c", script, "sh", Long.toString(postmaster), home.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    watchdog.getOutputStream().close();
                  } catch (IOException e) {
                    // The end of this JVM closes it too.
                  }
                }));
  }

  private static void withoutWaitingForTheDisk(DatabaseAddress address) {
    try (Connection connection = Connections.to(address).open("test");
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set fsync = off");
      statement.execute("select pg_reload_conf()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
