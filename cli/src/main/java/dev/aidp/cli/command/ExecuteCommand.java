package dev.aidp.cli.command;

import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadWorkflow;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp execute`.
@Command(
    name = "execute",
    description = {
      "The steps from an idea to a product.",
      "Without a step: list them with their state."
    },
    customSynopsis = "aidp execute [OPTIONS] [next|STEP|all]")
final class ExecuteCommand implements Callable<Integer> {
  private static final String WORKFLOW = "execute";

  private final Session session;

  @Mixin QueueOptions options = new QueueOptions();

  @Parameters(
      paramLabel = "next|STEP|all",
      hideParamSyntax = true,
      description = "Queue the next step, this one (its name, number or beginning), or all",
      arity = "0..*")
  List<String> words = List.of();

  ExecuteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (words.size() > 1) {
      throw new Usage("there is more than one step", "Give one: aidp execute STEP");
    }
    if (!words.isEmpty()) {
      return new WorkflowRun(session, options, WORKFLOW).run(words.getFirst());
    }
    Workspace workspace = Workspace.of(session, options.workspace());
    List<StepState> steps = WorkflowProgress.of(session, workspace, WORKFLOW).steps();
    if (options.json()) {
      ArrayNode array = Json.array();
      steps.forEach(step -> array.add(json(step)));
      Json.print(session.console(), array);
    } else {
      table(session, steps).print();
    }
    return 0;
  }

  static ObjectNode json(StepState state) {
    ReadWorkflow.Step latest = state.latest();
    ObjectNode node = Json.object();
    node.put("number", state.number());
    node.put("step", state.step().id());
    node.put("description", state.step().description());
    node.put("available", state.step().available());
    node.put("status", latest == null ? null : latest.status().word());
    node.put("reason", latest == null ? null : latest.reason());
    node.put("jobId", latest == null ? null : latest.jobId());
    ArrayNode outputs = node.putArray("outputs");
    state.step().outputs().forEach(outputs::add);
    return node;
  }

  static Table table(Session session, List<StepState> steps) {
    Console console = session.console();
    Table table = new Table(console, "", "STEP", "STATUS", "JOB", "");
    for (StepState state : steps) {
      ReadWorkflow.Step latest = state.latest();
      Table.Row row = table.row().add(state.number()).add(state.step().id());
      if (latest == null) {
        row.add(state.step().available() ? null : "not available in this version").add(null);
      } else {
        JobStatus status = latest.status();
        String word =
            console.outIsTerminal() ? console.mark(status) + " " + status.word() : status.word();
        row.add(word, console.paint(status, word)).add(latest.jobId());
      }
      row.add(detail(state, latest));
    }
    return table;
  }

  private static @Nullable String detail(StepState state, ReadWorkflow.@Nullable Step latest) {
    if (latest == null || latest.status() == JobStatus.COMPLETED) {
      return String.join(" ", state.step().outputs());
    }
    return latest.error() == null ? latest.reason() : latest.error();
  }
}
