package dev.aidp.cli.tui.data;

import dev.aidp.core.job.JobStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be queued from here. Used by the [Poller]'s thread only; it may block.
public interface Catalog {
  /// A prompt in a file.
  ///
  /// @param name as it is shown, fit for a terminal
  /// @param provider, model empty: the default
  /// @param text what is asked for
  record PromptFile(String name, String provider, String model, String text) {}

  /// A pipeline in a file.
  ///
  /// @param path as `aidp run` takes it
  /// @param usesPrompt whether a prompt has to be asked for
  record PipelineFile(String name, String path, String description, boolean usesPrompt) {}

  /// Those that are not archived, by name.
  List<PromptFile> prompts();

  List<PipelineFile> pipelines();

  /// A step of the workflow.
  ///
  /// @param status null: it was never queued
  /// @param jobId 0: it was never queued
  /// @param note what it waits for or went wrong, or what it makes; fit for a terminal
  record WorkflowStep(
      int number, String name, @Nullable JobStatus status, long jobId, String note) {}

  /// @param problem why the steps are not known; empty: they are
  record WorkflowSteps(List<WorkflowStep> steps, String problem) {
    public WorkflowSteps {
      steps = List.copyOf(steps);
    }
  }

  /// The steps of the workflow with their state.
  WorkflowSteps workflow();
}
