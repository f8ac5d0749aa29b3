package dev.aidp.cli.workflow;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.util.ArrayList;
import java.util.List;

/// The step that `[execute|analyze] STEP` means. Without the workflow's word it is looked for in
/// both, and a number is none.
///
/// @param progress of the workflow that it belongs to
public record StepChoice(WorkflowProgress progress, StepState state) {

  /// @param words one or two
  /// @param command for the message, such as `approve`
  /// @throws AidpException (not found) if there is none
  /// @throws Usage if there are several, naming them
  public static StepChoice find(
      Session session, Workspace workspace, String command, List<String> words) {
    if (words.size() == 2) {
      String name = workflow(words.getFirst());
      WorkflowProgress progress = WorkflowProgress.of(session, workspace, name);
      return new StepChoice(progress, progress.find(words.getLast()));
    }
    String word = words.getFirst();
    List<WorkflowProgress> all =
        Workflow.NAMES.stream().map(name -> WorkflowProgress.of(session, workspace, name)).toList();
    List<StepChoice> found = choices(all, word, true);
    if (found.isEmpty()) {
      found = choices(all, word, false);
    }
    if (found.isEmpty()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "No workflow has a step '" + word + "'",
          "See `aidp execute` and `aidp analyze`");
    }
    if (found.size() > 1) {
      throw new Usage(
          "'" + word + "' can be several steps",
          "Type one of: "
              + String.join(
                  ", ",
                  found.stream()
                      .map(one -> "aidp " + command + " " + one.state().display())
                      .toList()));
    }
    return found.getFirst();
  }

  private static String workflow(String word) {
    if (!Workflow.NAMES.contains(word)) {
      throw new Usage(
          "there is no workflow '" + word + "'",
          "It is one of " + String.join(", ", Workflow.NAMES));
    }
    return word;
  }

  private static List<StepChoice> choices(List<WorkflowProgress> all, String word, boolean whole) {
    List<StepChoice> found = new ArrayList<>();
    for (WorkflowProgress progress : all) {
      for (StepState state : progress.steps()) {
        String id = state.step().id();
        if (!word.isEmpty() && (whole ? id.equals(word) : id.startsWith(word))) {
          found.add(new StepChoice(progress, state));
        }
      }
    }
    return found;
  }
}
