package dev.aidp.cli.command;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.RunJson;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.run.RunIds;
import dev.aidp.cli.session.Session;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.FindApprovals;
import dev.aidp.db.read.ReadRuns;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp runs show`.
@Command(name = "show", description = "Show a run and its nodes.")
final class RunsShowCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "R", description = "The run (the first 4 digits of its id will do)")
  String run = "";

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  RunsShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Run found = RunIds.read(session, run);
    List<RunNode> nodes =
        session.database().call(connection -> ReadRuns.nodes(connection, found.id(), true));
    if (json) {
      Json.print(session.console(), RunJson.run(found, nodes));
    } else {
      print(found);
      print(nodes);
      session
          .database()
          .call(connection -> FindApprovals.openOfRun(connection, found.id()))
          .forEach(approval ->
              session
                  .console()
                  .note(
                      approval.name()
                          + " waits for an answer: aidp approve "
                          + approval.jobId()
                          + ", or aidp reject "
                          + approval.jobId()
                          + " --comment TEXT"));
    }
    return 0;
  }

  private void print(Run found) {
    Console console = session.console();
    String status = console.mark(found.status()) + " " + found.status().word();
    field("Run", found.id());
    field("Pipeline", found.pipeline());
    field("Description", found.description());
    console.out().println(label("Status") + console.paint(found.status(), status));
    field("Reason", found.reason());
    field("Error", found.error());
    field("File", found.pipelinePath());
    field("Workspace", found.workspace());
    field("Created", Timestamps.format(found.createdAt()));
    field("Started", time(found.startedAt()));
    field("Completed", time(found.completedAt()));
    field("Duration", RunsListCommand.duration(found));
    field("Artifacts", found.artifactsDirectory());
    if (found.prompt() != null) {
      console.out().println("Prompt:");
      SafeText.lines(found.prompt()).lines().forEach(line -> console.out().println("  " + line));
    }
    console.out().println();
  }

  private void field(String name, @Nullable Object value) {
    if (value != null) {
      session.console().out().println(label(name) + SafeText.oneLine(value.toString()));
    }
  }

  private static String label(String name) {
    return (name + ":").concat(" ".repeat(13 - name.length()));
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  private void print(List<RunNode> nodes) {
    Console console = session.console();
    Table table = new Table(console, "NODE", "JOB", "STATUS", "ATTEMPT", "NEEDS", "");
    for (RunNode node : nodes) {
      String shown = console.mark(node.status()) + " " + node.status().word();
      String why = node.error() == null ? node.reason() : node.error();
      table
          .row()
          .add(node.id())
          .add(node.jobId())
          .add(shown, console.paint(node.status(), shown))
          .add(node.attempt())
          .add(
              node.needs().size() > 5
                  ? node.needs().size() + " nodes"
                  : String.join(",", node.needs()))
          .add(node.skipped() ? "skipped" : why);
    }
    table.print();
  }
}
