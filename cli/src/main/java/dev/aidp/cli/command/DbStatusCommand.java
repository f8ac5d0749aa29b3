package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.connect.DatabaseSettings;
import dev.aidp.db.migrate.Migrator;
import dev.aidp.db.server.EmbeddedServer;
import dev.aidp.db.server.ServerStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `aidp db status`: starts nothing.
@Command(name = "status", description = "Say which database is used, and how it is.")
final class DbStatusCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  DbStatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ObjectNode facts = Json.object();
    switch (session.database().settings()) {
      case DatabaseSettings.External external -> {
        facts.put("kind", "external");
        facts.put("state", "running");
        facts.putNull("dataDirectory").putNull("logFile").putNull("pid");
        facts.put("address", external.address().display());
        describe(facts, external.address());
      }
      case DatabaseSettings.Embedded embedded -> {
        EmbeddedServer server = EmbeddedServer.at(embedded.home());
        ServerStatus status = server.status();
        facts.put("kind", "embedded");
        facts.put("state", status.state().name().toLowerCase(Locale.ROOT));
        facts.put("dataDirectory", status.dataDirectory().toString());
        facts.put("logFile", status.logFile().toString());
        facts.put("pid", status.pid());
        Optional<DatabaseAddress> running = server.running();
        facts.put("address", running.map(DatabaseAddress::display).orElse(null));
        describe(facts, running.orElse(null));
      }
    }
    if (json) {
      Json.print(session.console(), facts);
    } else {
      facts.forEachEntry((name, value) -> {
        if (!value.isNull()) {
          session.console().out().println(name + ": " + value.asString());
        }
      });
    }
    return 0;
  }

  private static void describe(ObjectNode facts, @Nullable DatabaseAddress address) {
    if (address == null) {
      facts.putNull("postgresVersion").putNull("schemaVersion");
      return;
    }
    Connections connections = Connections.to(address);
    try (Connection connection = connections.open("status")) {
      facts.put("postgresVersion", connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      throw connections.failure(e);
    }
    Optional<Migrator.Schema> schema = Migrator.current(connections);
    facts.put("schemaVersion", schema.map(Migrator.Schema::version).orElse(null));
  }
}
