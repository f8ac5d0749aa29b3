package dev.aidp.cli.workflow;

import dev.aidp.cli.job.JobRequest;
import dev.aidp.db.read.ReadWorkflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Composes what a step asks an agent for: its template, what the project is, what earlier steps
/// have written, and the files to write.
public final class StepPrompt {
  private final WorkflowProgress progress;
  private final ProjectContext project;

  public StepPrompt(WorkflowProgress progress, Path workspace) {
    this.progress = progress;
    this.project = new ProjectContext(workspace);
  }

  /// @param state of a step that is available
  /// @param needs jobs that must have completed first
  public JobRequest request(StepState state, List<Long> needs) {
    Step step = state.step();
    ReadWorkflow.Step latest = state.latest();
    // A name of its own for each turn: of several callers at once, one queues the step.
    String key = progress.name() + "/" + step.id() + "#" + (latest == null ? 1 : latest.jobs() + 1);
    return new JobRequest(
        progress.name() + "/" + step.id(),
        step.id(),
        null,
        compose(state),
        List.of(),
        step.outputs(),
        key,
        needs,
        Map.of("workflow", progress.name(), "step", step.id()));
  }

  private String compose(StepState state) {
    Step step = state.step();
    StringBuilder prompt = new StringBuilder();
    prompt
        .append(
            new WorkflowFile(progress.name())
                .resource(Objects.requireNonNull(step.template(), "template"))
                .strip())
        .append("\n\n# The project\n\n")
        .append(project.describe())
        .append("\n# What earlier steps have written\n\n");
    boolean any = false;
    for (StepState earlier : progress.steps()) {
      if (earlier.number() < state.number() && earlier.begun()) {
        any = true;
        for (String output : earlier.step().outputs()) {
          prompt.append(project.excerpt(output));
        }
      }
    }
    if (!any) {
      prompt.append("Nothing: this is the first step.\n");
    }
    prompt.append("\n# Files to write\n\n");
    for (String output : step.outputs()) {
      prompt.append("- ").append(output).append('\n');
    }
    prompt.append(
        "\nWrite them below the current directory; make missing directories. If one exists,"
            + " improve it instead of starting anew. Change no other file. End with a summary of"
            + " at most ten lines.\n");
    return prompt.toString();
  }
}
