package dev.aidp.cli.workflow;

import dev.aidp.cli.job.Workspace;
import dev.aidp.core.error.AidpException;
import java.util.List;

/// A workflow as it holds in one workspace.
///
/// @param name the command's word, such as `execute`
/// @param steps in order; at least one
public record Workflow(String name, List<Step> steps) {
  /// The names of all workflows.
  public static final List<String> NAMES = List.of("execute", "analyze");

  public Workflow {
    steps = List.copyOf(steps);
  }

  /// The shipped workflow, with what the project changes in it.
  ///
  /// @throws AidpException (usage) if the project's configuration of it is wrong
  public static Workflow of(String name, Workspace workspace) {
    return new Overrides(WorkflowFile.read(name), workspace.configuration(), workspace.directory())
        .apply();
  }
}
