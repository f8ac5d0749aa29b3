package dev.aidp.cli.workflow;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.read.ReadWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A workflow's steps and how far a workspace has come with them. The jobs are the progress:
/// nothing else keeps it.
///
/// @param name such as `execute`
public record WorkflowProgress(String name, List<StepState> steps) {
  public WorkflowProgress {
    steps = List.copyOf(steps);
  }

  public static WorkflowProgress of(Session session, Workspace workspace, String name) {
    Workflow workflow = Workflow.of(name, workspace);
    Map<String, ReadWorkflow.Step> jobs =
        session
            .database()
            .call(connection -> ReadWorkflow.steps(connection, workspace.identity(), name));
    List<StepState> states = new ArrayList<>();
    for (Step step : workflow.steps()) {
      states.add(StepState.of(name, states.size() + 1, step, jobs.get(step.id())));
    }
    return new WorkflowProgress(name, states);
  }

  /// The first step that somebody has to answer for before a later one begins.
  public Optional<StepState> asked() {
    return steps.stream().filter(state -> state.approval() == Approval.ASKED).findFirst();
  }

  /// The step of this name, number, or unique beginning of a name.
  ///
  /// @throws AidpException (not found) if there is none
  /// @throws Usage if there are several
  public StepState find(String word) {
    List<StepState> found =
        steps.stream()
            .filter(state ->
                state.step().id().equals(word) || String.valueOf(state.number()).equals(word))
            .toList();
    if (found.isEmpty() && !word.isEmpty()) {
      found = steps.stream().filter(state -> state.step().id().startsWith(word)).toList();
    }
    if (found.isEmpty()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "The workflow " + name + " has no step '" + word + "'",
          "See `aidp " + name + "`");
    }
    if (found.size() > 1) {
      throw new Usage(
          "'" + word + "' is the beginning of several steps",
          "Name one of "
              + String.join(", ", found.stream().map(state -> state.step().id()).toList()));
    }
    return found.getFirst();
  }

  /// Earlier steps whose jobs have not ended.
  public List<StepState> activeBefore(StepState state) {
    return steps.stream()
        .filter(earlier -> earlier.number() < state.number() && earlier.active())
        .toList();
  }
}
