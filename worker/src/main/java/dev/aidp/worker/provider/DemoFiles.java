package dev.aidp.worker.provider;

import dev.aidp.core.text.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes the files that a step names, and nothing outside the workspace.
final class DemoFiles {
  static final String LABEL = "Simulated by aidp's demo provider";

  private final Path workspace;

  /// @param workspace an existing directory
  DemoFiles(Path workspace) throws IOException {
    this.workspace = workspace.toRealPath();
  }

  /// Where an output belongs. A name that ends in `/` is a directory: its README.
  ///
  /// @throws IllegalArgumentException with a message for the user: it would leave the workspace
  Path locate(String output) throws IOException {
    Path target = workspace.resolve(relative(output)).normalize();
    if (!target.startsWith(workspace) || target.equals(workspace)) {
      throw leaves(output);
    }
    Path existing = target;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = existing.getParent();
      if (parent == null) {
        throw leaves(output);
      }
      existing = parent;
    }
    if (Files.isSymbolicLink(existing) && !Files.exists(existing)) {
      throw leaves(output);
    }
    Path real = existing.toRealPath();
    if (!real.startsWith(workspace)) {
      throw leaves(output);
    }
    return existing.equals(target) ? real : real.resolve(existing.relativize(target));
  }

  private static Path relative(String output) {
    try {
      Path path = Path.of(output.endsWith("/") ? output + "README.md" : output);
      if (!output.isBlank() && !path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException _) {
      // Answered below, as an absolute path is.
    }
    throw leaves(output);
  }

  private static IllegalArgumentException leaves(String output) {
    return new IllegalArgumentException(
        "the output '" + SafeText.oneLine(output) + "' does not lie in the workspace");
  }

  /// Writes the file, unless there is one already that is not of this provider's making: a
  /// simulation must not cost anybody's work.
  ///
  /// @return whether it was written
  boolean write(Path target, String content) throws IOException {
    if (Files.exists(target)) {
      byte[] head = new byte[4096];
      int length;
      if (!Files.isRegularFile(target)) {
        return false;
      }
      try (var in = Files.newInputStream(target)) {
        length = in.readNBytes(head, 0, head.length);
      }
      String text = new String(head, 0, length, StandardCharsets.UTF_8);
      if (length > 0 && !text.contains(LABEL)) {
        return false;
      }
    }
    Path directory = target.getParent();
    if (directory == null) {
      return false;
    }
    Files.createDirectories(directory);
    Path partial = Files.createTempFile(directory, ".aidp-demo", ".tmp");
    try {
      Files.writeString(partial, content);
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
    return true;
  }

  /// Plausible Markdown that says what it is.
  static String content(String output, String prompt) {
    String title =
        Path.of(output)
            .getFileName()
            .toString()
            .replaceFirst("\\.[A-Za-z0-9]+$", "")
            .replace('-', ' ')
            .replace('_', ' ');
    String quoted = "> " + SafeText.lines(prompt).strip().replace("\n", "\n> ");
    return """
    # %s

    > **%s.** No model was asked: this text stands where an agent's would.

    ## What was asked for

    %s

    ## Summary

    - Goal: see above
    - Status: a demonstration of the workflow, to be replaced by an agent's work

    ## Next

    1. Choose a provider that can do this (`aidp detect`).
    2. Run the step again with it.
    """
        .formatted(SafeText.oneLine(title), LABEL, quoted);
  }
}
