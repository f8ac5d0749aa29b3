package dev.aidp.cli.command;

import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.worker.provider.Providers;
import dev.aidp.worker.provider.Providers.Detected;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/// `aidp detect`.
@Command(
    name = "detect",
    description = {
      "Look for agent CLIs.",
      "Piped: name, version, login (yes, no, unknown) and path of those found, separated by tabs. Exit code 4 if none is."
    })
final class DetectCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  DetectCommand(Session session) {
    this.session = session;
  }

  private static String login(@Nullable Boolean loggedIn) {
    return loggedIn == null ? "unknown" : loggedIn ? "yes" : "no";
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Detected> detected = Providers.detect(session.environment());
    List<Detected> found = detected.stream().filter(Detected::found).toList();
    if (json) {
      ArrayNode array = Json.array();
      for (Detected one : detected) {
        array.add(
            Json.object()
                .put("name", one.name())
                .put("found", one.found())
                .put("path", one.path())
                .put("version", one.version())
                .put("loggedIn", one.loggedIn())
                .put("installHint", one.installHint()));
      }
      Json.print(session.console(), array);
    } else if (!found.isEmpty()) {
      Table table = new Table(session.console(), "PROVIDER", "VERSION", "LOGIN", "PATH");
      found.forEach(one ->
          table
              .row()
              .add(one.name())
              .add(one.version())
              .add(login(one.loggedIn()))
              .add(one.path()));
      table.print();
    }
    if (!found.isEmpty()) {
      return 0;
    }
    session.console().warn("No agent CLI was found");
    for (Detected one : detected) {
      session.console().note("  " + one.name() + ": " + one.installHint());
    }
    session.console().note("  Without any: aidp prompt --provider demo TEXT");
    return ErrorCategory.NOT_FOUND.exitCode();
  }
}
