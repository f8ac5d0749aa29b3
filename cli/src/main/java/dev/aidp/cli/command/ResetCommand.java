package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepChoice;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.Workflow;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.db.queue.ResetWorkflow;
import dev.aidp.db.queue.ResetWorkflow.Forgotten;
import dev.aidp.db.read.ReadWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `aidp reset`.
@Command(
    name = "reset",
    description = {
      "Forget how far the workflows have come, or one of them, or a step.",
      "Jobs and files stay; `aidp execute next` begins again."
    },
    customSynopsis = "aidp reset [OPTIONS] [execute|analyze] [STEP]",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aidp reset                  both workflows",
      "  aidp reset execute          one of them",
      "  aidp reset execute tasks    one step (its name, number or beginning)"
    })
final class ResetCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "WORKFLOW STEP",
      hideParamSyntax = true,
      description = "What to forget; nothing: both workflows",
      arity = "0..*")
  List<String> words = List.of();

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Whose progress (default: that of this directory)")
  @Nullable String directory;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  ResetCommand(Session session) {
    this.session = session;
  }

  private record Reset(String workflow, StepState state, ReadWorkflow.Step latest) {}

  @Override
  public Integer call() {
    if (words.size() > 2) {
      throw new Usage("there are too many words", "Type aidp reset [execute|analyze] [STEP]");
    }
    Workspace workspace = Workspace.of(session, directory);
    List<Reset> resets = chosen(workspace);
    for (String workflow : Workflow.NAMES) {
      List<Forgotten> steps =
          resets.stream()
              .filter(reset -> reset.workflow().equals(workflow))
              .map(reset -> new Forgotten(reset.state().step().id(), reset.latest().jobId()))
              .toList();
      if (!steps.isEmpty()) {
        session
            .database()
            .call(connection -> {
              ResetWorkflow.reset(connection, workspace.identity(), workflow, steps);
              return steps;
            });
      }
    }
    print(resets);
    return 0;
  }

  private List<Reset> chosen(Workspace workspace) {
    List<Reset> resets = new ArrayList<>();
    if (words.isEmpty() || (words.size() == 1 && Workflow.NAMES.contains(words.getFirst()))) {
      for (String name : words.isEmpty() ? Workflow.NAMES : words) {
        WorkflowProgress.of(session, workspace, name)
            .steps()
            .forEach(state -> add(resets, name, state));
      }
      return resets;
    }
    StepChoice choice = StepChoice.find(session, workspace, "reset", words);
    add(resets, choice.progress().name(), choice.state());
    return resets;
  }

  private static void add(List<Reset> resets, String workflow, StepState state) {
    ReadWorkflow.Step latest = state.latest();
    if (latest != null) {
      resets.add(new Reset(workflow, state, latest));
    }
  }

  private void print(List<Reset> resets) {
    Console console = session.console();
    if (json) {
      ArrayNode array = Json.array();
      for (Reset reset : resets) {
        array
            .addObject()
            .put("workflow", reset.workflow())
            .put("step", reset.state().step().id())
            .put("jobId", reset.latest().jobId());
      }
      Json.print(console, array);
    } else {
      int count = resets.size();
      console.note(
          count == 0
              ? "There was no progress to forget"
              : "Forgot the progress of " + count + (count == 1 ? " step" : " steps"));
    }
    for (Reset reset : resets) {
      if (!reset.latest().status().ended()) {
        long id = reset.latest().jobId();
        console.warn(
            "job %d of %s is %s and goes on"
                .formatted(id, reset.state().step().id(), reset.latest().status().word()));
        console.note("  To stop it: aidp jobs cancel " + id);
      }
    }
  }
}
