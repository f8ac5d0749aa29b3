package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.template.Scope;
import dev.aidp.core.template.Template;
import dev.aidp.worker.provider.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Where a node works and with what environment.
///
/// @param directory within the workspace
record NodePlace(Path directory, Map<String, String> environment) {

  /// @throws NodeFailure if its `cwd` is no directory within the workspace
  static NodePlace of(Node node, Scope scope, Attempt attempt) throws NodeFailure {
    Map<String, String> environment = new HashMap<>(attempt.environment());
    node.options()
        .env()
        .forEach(
            (name, value) -> environment.put(name, withoutNul(Template.parse(value).text(scope))));
    String cwd = node.options().cwd();
    return new NodePlace(
        cwd == null
            ? attempt.workspace()
            : within(attempt.workspace(), Template.parse(cwd).text(scope)),
        environment);
  }

  private static String withoutNul(String value) {
    return value.replace('\0', '\uFFFD');
  }

  /// Its real path: no link leads out of the workspace.
  private static Path within(Path workspace, String cwd) throws NodeFailure {
    try {
      Path directory = workspace.resolve(cwd);
      if (!Files.isDirectory(directory)) {
        throw new NodeFailure(
            ErrorClass.CONFIG, "cwd: " + cwd + " is no directory in " + workspace);
      }
      Path real = directory.toRealPath();
      if (!real.startsWith(workspace.toRealPath())) {
        throw new NodeFailure(
            ErrorClass.CONFIG, "cwd: " + cwd + " is outside of the workspace " + workspace);
      }
      return real;
    } catch (InvalidPathException | IOException e) {
      throw new NodeFailure(ErrorClass.CONFIG, "cwd: " + cwd + " can't be used: " + e.getMessage());
    }
  }
}
