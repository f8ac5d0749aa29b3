package dev.aidp.worker.engine;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.text.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether the files that a job was to write are there. An agent that says so may be wrong.
final class StepOutputs {
  private StepOutputs() {}

  /// The outcome as it is, or a failure that names what a completed execution did not write.
  ///
  /// @param outputs relative to the workspace; one that ends in `/` is a directory with something
  ///   in it
  static Outcome check(Path workspace, List<String> outputs, Outcome outcome) {
    if (!(outcome instanceof Outcome.Completed) || outputs.isEmpty()) {
      return outcome;
    }
    List<String> missing = outputs.stream().filter(one -> !isWritten(workspace, one)).toList();
    if (missing.isEmpty()) {
      return outcome;
    }
    String names = missing.stream().map(SafeText::oneLine).collect(Collectors.joining(", "));
    return new Outcome.Failed(
        ErrorClass.UNKNOWN, "did not write " + names, null, false, outcome.figures());
  }

  private static boolean isWritten(Path workspace, String output) {
    try {
      Path file = workspace.resolve(output);
      return output.endsWith("/") ? holdsSomething(file) : isNotEmpty(file);
    } catch (InvalidPathException | IOException e) {
      return false;
    }
  }

  private static boolean isNotEmpty(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) > 0;
  }

  private static boolean holdsSomething(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isPresent();
    }
  }
}
