package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.db.connect.DatabaseSettings;
import dev.aidp.db.server.EmbeddedServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aidp db start`, `stop` and `url`.
final class DbServerCommands {
  private DbServerCommands() {}

  private static EmbeddedServer server(Session session) {
    return switch (session.database().settings()) {
      case DatabaseSettings.Embedded embedded -> EmbeddedServer.at(embedded.home());
      case DatabaseSettings.External external ->
          throw new AidpException(
              ErrorCategory.NOT_FOUND,
              "The database at " + external.address().display() + " is not run by aidp",
              "Start and stop it where it runs, or unset AIDP_DATABASE_URL");
    };
  }

  @Command(name = "start", description = "Start the embedded PostgreSQL.")
  static final class Start implements Callable<Integer> {
    private final Session session;

    @Option(names = "--json", description = "Print JSON")
    boolean json;

    Start(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      DatabaseAddress address = server(session).start();
      if (json) {
        Json.print(session.console(), Json.object().put("address", address.display()));
      } else {
        session.console().note("PostgreSQL runs at " + address.display());
      }
      return 0;
    }
  }

  @Command(name = "stop", description = "Stop the embedded PostgreSQL.")
  static final class Stop implements Callable<Integer> {
    private final Session session;

    @Option(names = "--json", description = "Print JSON")
    boolean json;

    Stop(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      boolean stopped = server(session).stop(Duration.ofSeconds(60));
      if (json) {
        Json.print(session.console(), Json.object().put("stopped", stopped));
      } else {
        session.console().note(stopped ? "PostgreSQL is stopped" : "PostgreSQL did not run");
      }
      return 0;
    }
  }

  @Command(
      name = "url",
      description = "Print the database's URL, with its password, as psql takes it.")
  static final class Url implements Callable<Integer> {
    private final Session session;

    @Option(names = "--json", description = "Print JSON")
    boolean json;

    Url(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      String url = session.database().connections().address().toUri();
      if (json) {
        Json.print(session.console(), Json.object().put("url", url));
      } else {
        session.console().out().println(url);
      }
      return 0;
    }
  }
}
