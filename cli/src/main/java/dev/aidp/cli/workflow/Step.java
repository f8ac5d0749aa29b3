package dev.aidp.cli.workflow;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A step of a workflow.
///
/// @param template what its prompt begins with: the text itself
/// @param templateFile where that was read from; null: shipped with aidp
/// @param outputs files that it must write, relative to the workspace; at least one
/// @param reads ids of earlier steps whose outputs its prompt quotes
/// @param code whether it may change more than its outputs
/// @param approval whether somebody has to agree before a later step begins
public record Step(
    String id,
    String description,
    String template,
    @Nullable Path templateFile,
    List<String> outputs,
    List<String> reads,
    boolean code,
    boolean approval) {
  public Step {
    outputs = List.copyOf(outputs);
    reads = List.copyOf(reads);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("the step " + id + " writes nothing");
    }
  }

  /// Where its agent asks and the user answers: beside the first output.
  public String questions() {
    String first = outputs.getFirst();
    return first.substring(0, first.lastIndexOf('/') + 1) + id + ".questions.md";
  }
}
