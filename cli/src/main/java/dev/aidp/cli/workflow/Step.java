package dev.aidp.cli.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A step of a workflow, as its file describes it.
///
/// @param template resource beside the file; null: not available in this version
/// @param outputs files that it writes, relative to the workspace
public record Step(String id, String description, @Nullable String template, List<String> outputs) {
  public Step {
    outputs = List.copyOf(outputs);
  }

  /// Whether this version can run it.
  public boolean available() {
    return template != null;
  }
}
