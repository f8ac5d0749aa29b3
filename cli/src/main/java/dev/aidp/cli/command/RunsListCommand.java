package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.RunJson;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.run.RunWaiting;
import dev.aidp.cli.session.Session;
import dev.aidp.core.run.Run;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.ReadRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/// `aidp runs list`.
@Command(
    name = "list",
    description = {
      "List runs of pipelines, newest first.",
      "Piped: id, pipeline, status, duration and error, separated by tabs."
    })
final class RunsListCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--all", description = "Single jobs too: each is a run of one node")
  boolean all;

  @Option(names = "--limit", paramLabel = "N", description = "How many (default 30)")
  int limit = 30;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  RunsListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new Usage("the value of --limit is out of range", "Give a number from 1");
    }
    List<Run> runs = session.database().call(connection -> ReadRuns.latest(connection, limit, all));
    Console console = session.console();
    if (json) {
      ArrayNode array = Json.array();
      runs.forEach(run -> array.add(RunJson.run(run)));
      Json.print(console, array);
    } else if (console.outIsTerminal()) {
      table(console, runs).print();
    } else {
      lines(console, runs).print();
    }
    return 0;
  }

  private static Table lines(Console console, List<Run> runs) {
    Table table = new Table(console);
    for (Run run : runs) {
      table
          .row()
          .add(run.id())
          .add(run.pipeline())
          .add(run.status().word(), console.paint(run.status(), run.status().word()))
          .add(duration(run))
          .add(run.error());
    }
    return table;
  }

  private static Table table(Console console, List<Run> runs) {
    Table table = new Table(console, "RUN", "PIPELINE", "STATUS", "CREATED", "DURATION", "");
    for (Run run : runs) {
      String shown = console.mark(run.status()) + " " + run.status().word();
      String why = run.error() == null ? run.reason() : run.error();
      table
          .row()
          .add(RunWaiting.shortened(run.id()))
          .add(run.pipeline())
          .add(shown, console.paint(run.status(), shown))
          .add(Timestamps.format(run.createdAt()))
          .add(duration(run))
          .add(why == null || why.length() <= 60 ? why : why.substring(0, 59) + "…");
    }
    return table;
  }

  static @Nullable String duration(Run run) {
    Instant started = run.startedAt();
    if (started == null) {
      return null;
    }
    Instant end = run.completedAt();
    Duration took = Duration.between(started, end == null ? Instant.now() : end);
    return Durations.format(took.isNegative() ? Duration.ZERO : took);
  }
}
