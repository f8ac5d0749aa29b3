package dev.aidp.worker.engine;

import dev.aidp.db.queue.ClaimedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where jobs work: their workspace, or a scratch directory of the worker for those without one.
final class Workspaces {
  private final Path scratch;

  Workspaces(Path home) {
    this.scratch = home.resolve("scratch");
  }

  /// @param directory where to work; meaningless if there is an error
  /// @param error for the user; null if there is none
  record Resolved(Path directory, @Nullable String error) {}

  Resolved resolve(ClaimedJob job) {
    String workspace = job.workspace();
    if (workspace == null) {
      Path directory = scratch.resolve("job-" + job.lease().jobId());
      try {
        return new Resolved(Files.createDirectories(directory), null);
      } catch (IOException e) {
        return new Resolved(
            directory, "the scratch directory " + directory + " cannot be made: " + e);
      }
    }
    Path directory = Path.of(workspace);
    if (!directory.isAbsolute()) {
      return new Resolved(directory, "the workspace " + workspace + " is not an absolute path");
    }
    if (!Files.isDirectory(directory)) {
      return new Resolved(directory, "the workspace " + workspace + " does not exist on this host");
    }
    return new Resolved(directory, null);
  }
}
