package dev.aidp.db.testing;

import dev.aidp.db.connect.DatabaseAddress;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// PostgreSQL in a container; Testcontainers removes it when this JVM has ended.
final class ContainerServer {
  private ContainerServer() {}

  @SuppressWarnings("resource")
  static DatabaseAddress start() {
    PostgreSQLContainer container =
        new PostgreSQLContainer("postgres:18-alpine")
            .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");
    container.start();
    return new DatabaseAddress(
        "jdbc:postgresql://"
            + container.getHost()
            + ":"
            + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)
            + "/"
            + container.getDatabaseName(),
        container.getUsername(),
        container.getPassword(),
        false);
  }
}
