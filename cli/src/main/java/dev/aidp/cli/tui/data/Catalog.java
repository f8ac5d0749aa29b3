package dev.aidp.cli.tui.data;

import java.util.List;

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

  /// The steps of the workflow with their state, as lines.
  List<String> workflow();
}
