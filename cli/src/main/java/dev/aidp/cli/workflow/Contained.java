package dev.aidp.cli.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Paths that somebody else has written down, and that must not lead out of a directory: not by
/// `..`, and not by a symbolic link.
final class Contained {
  private Contained() {}

  /// @param root an existing directory
  /// @return absolute
  /// @throws IllegalArgumentException saying why, as in "is no path"
  static Path resolve(Path root, String text) {
    Path relative;
    try {
      relative = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is no path", e);
    }
    if (text.isBlank() || relative.isAbsolute()) {
      throw new IllegalArgumentException("is not relative to " + root);
    }
    Path file = root.resolve(relative).normalize();
    if (!file.startsWith(root) || file.equals(root) || !leadsInto(root, file)) {
      throw new IllegalArgumentException("leads out of " + root);
    }
    return file;
  }

  /// Whether what exists of the file lies below the root in truth too.
  private static boolean leadsInto(Path root, Path file) {
    Path existing = file;
    while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    try {
      return existing != null && existing.toRealPath().startsWith(root.toRealPath());
    } catch (IOException e) {
      // A link to nothing: nobody knows where it will lead.
      return false;
    }
  }
}
