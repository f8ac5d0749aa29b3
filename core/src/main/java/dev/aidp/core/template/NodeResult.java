package dev.aidp.core.template;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a node that has completed gives to those after it.
///
/// @param output text, an object or a list; ignored if it was skipped
/// @param exitCode 0 for an agent
/// @param changedFiles empty if they were not tracked
/// @param skipped whether it did not run: whatever is asked of it is then empty
public record NodeResult(
    JsonNode output, int exitCode, List<String> changedFiles, boolean skipped) {
  public NodeResult {
    changedFiles = List.copyOf(changedFiles);
  }
}
