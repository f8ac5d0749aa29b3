package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.db.migrate.Migrator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aidp db migrate`.
@Command(name = "migrate", description = "Make or upgrade the schema. Other commands do it too.")
final class DbMigrateCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  DbMigrateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Migrator.Schema schema = Migrator.migrate(session.database().connections());
    if (json) {
      Json.print(session.console(), Json.object().put("schemaVersion", schema.version()));
    } else {
      session.console().note("The schema has version " + schema.version());
    }
    return 0;
  }
}
