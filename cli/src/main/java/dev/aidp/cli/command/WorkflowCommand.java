package dev.aidp.cli.command;

import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// What `aidp execute` and `aidp analyze` share: all but the name.
abstract class WorkflowCommand implements Callable<Integer> {
  private final Session session;
  private final String workflow;

  @Mixin QueueOptions options = new QueueOptions();

  @Parameters(
      paramLabel = "next|STEP|all",
      hideParamSyntax = true,
      description = "Queue the next step, this one (its name, number or beginning), or all",
      arity = "0..*")
  List<String> words = List.of();

  WorkflowCommand(Session session, String workflow) {
    this.session = session;
    this.workflow = workflow;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (words.size() > 1) {
      throw new Usage("there is more than one step", "Give one: aidp " + workflow + " STEP");
    }
    if (!words.isEmpty()) {
      return new WorkflowRun(session, options, workflow).run(words.getFirst());
    }
    Workspace workspace = Workspace.of(session, options.workspace());
    List<StepState> steps = WorkflowProgress.of(session, workspace, workflow).steps();
    if (options.json()) {
      ArrayNode array = Json.array();
      steps.forEach(step -> array.add(StepTable.json(step)));
      Json.print(session.console(), array);
    } else {
      StepTable.of(session.console(), steps).print();
    }
    return 0;
  }
}
