package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.prune.DropLogPartitions;
import dev.aidp.db.prune.PruneHistory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `aidp db prune`.
@Command(
    name = "prune",
    description = {
      "Delete the history of jobs and runs that ended long ago.",
      "With their executions and logs. Files in workspaces stay."
    })
final class DbPruneCommand implements Callable<Integer> {
  /// Beyond the oldest time that PostgreSQL knows lies no history.
  private static final Duration LONGEST = Duration.ofDays(365_000);

  private static final Set<String> ALWAYS_SHOWN = Set.of("jobs", "runs");

  private final Session session;

  @Option(
      names = "--older-than",
      paramLabel = "D",
      required = true,
      description = "What ended so long ago or longer, such as 30d or 12h")
  Duration olderThan = Duration.ZERO;

  @Option(names = "--dry-run", description = "Only count what would be deleted")
  boolean dryRun;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  DbPruneCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (olderThan.compareTo(LONGEST) > 0) {
      throw new Usage("the value of --older-than is out of range", "Give at most 365000d");
    }
    session.database().id(); // Makes the schema where there is none yet.
    Connections connections = session.database().connections();
    try (Connection connection = connections.open("prune", Duration.ZERO)) {
      PruneHistory.Pruned pruned =
          dryRun
              ? PruneHistory.count(connection, olderThan)
              : PruneHistory.prune(connection, olderThan);
      int partitions = dryRun ? 0 : DropLogPartitions.empty(connection);
      print(pruned, partitions);
    } catch (SQLException e) {
      throw connections.failure(e);
    }
    return 0;
  }

  private void print(PruneHistory.Pruned pruned, int partitions) {
    String before = Timestamps.format(pruned.before());
    if (json) {
      ObjectNode node = Json.object();
      node.put("before", before).put("dryRun", dryRun);
      pruned.rows().forEach(node::put);
      Json.print(session.console(), node.put("logPartitions", partitions));
      return;
    }
    pruned
        .rows()
        .forEach((name, count) -> {
          if (count > 0 || ALWAYS_SHOWN.contains(name)) {
            session.console().out().println(name + ": " + count);
          }
        });
    session
        .console()
        .note(
            dryRun
                ? "Would be deleted: what ended before " + before
                : "Deleted: what ended before "
                    + before
                    + (partitions == 0 ? "" : ", and " + partitions + " empty log partitions"));
  }
}
