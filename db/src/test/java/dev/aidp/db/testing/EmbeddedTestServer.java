package dev.aidp.db.testing;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// The embedded server in a home of this JVM's own.
final class EmbeddedTestServer {
  private EmbeddedTestServer() {}

  static DatabaseAddress start() {
    try {
      Path home = Files.createTempDirectory("aidp-test-");
      watch(home);
      EmbeddedServer server = EmbeddedServer.at(home);
      DatabaseAddress address = server.start();
      withoutWaitingForTheDisk(address);
      return address;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The pipe to this shell closes when the JVM ends, even by `kill -9`: then it stops the server.
  private static void watch(Path home) throws IOException {
    String script =
        """
        trap '' INT TERM HUP
        cat >/dev/null
        pid=$(head -n 1 "$1/postgres/data/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ]; then
          kill -INT "$pid" 2>/dev/null
          while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        fi
        rm -rf "$1"
        """;
    Process watchdog =
        new ProcessBuilder("/bin/sh", "-c", script, "sh", home.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // The hook keeps it, and so its stdin open, until the end.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(watchdog)));
  }

  private static void end(Process watchdog) {
    try {
      watchdog.getOutputStream().close();
      watchdog.waitFor();
    } catch (IOException e) {
      // The end of this JVM closes it too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
