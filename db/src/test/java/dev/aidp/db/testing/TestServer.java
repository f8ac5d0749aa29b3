package dev.aidp.db.testing;

import dev.aidp.db.connect.DatabaseAddress;

/// The PostgreSQL server of this JVM's tests: `AIDP_TEST_DATABASE_URL` where that is set, else a
/// container where a Docker engine answers, else the embedded server in a home of its own.
public final class TestServer {
  private TestServer() {}

  /// Starts it on first use; it ends with this JVM, however that ends.
  ///
  /// @return its maintenance database, as a user that may create databases
  public static DatabaseAddress address() {
    return Started.ADDRESS;
  }

  static boolean outlivesThisJvm() {
    return !url().isBlank();
  }

  private static String url() {
    return System.getenv().getOrDefault("AIDP_TEST_DATABASE_URL", "");
  }

  private static final class Started {
    static final DatabaseAddress ADDRESS = start();

    private static DatabaseAddress start() {
      if (outlivesThisJvm()) {
        return DatabaseAddress.parse(url(), "AIDP_TEST_DATABASE_URL");
      }
      return DockerEngine.answers() ? ContainerServer.start() : EmbeddedTestServer.start();
    }
  }
}
