package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What tells one state of a file from another, without reading it.
///
/// @param key the file system's own name of it, which a replaced file has not; null: none
record FileStamp(FileTime modified, long size, @Nullable String key) {
  /// Never changed files of a node: aidp's own, and git's.
  private static final Set<String> OWN = Set.of(".pipeline-runs", ".git");

  private static final Path WORKTREES = Path.of(".aidp", "worktrees");

  private static FileStamp of(BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return new FileStamp(
        attributes.lastModifiedTime(), attributes.size(), key == null ? null : key.toString());
  }

  /// @return null if there is no such file, or it is a directory
  static @Nullable FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory() ? null : of(attributes);
    } catch (IOException _) {
      return null;
    }
  }

  /// Whether a path in the workspace may be a node's work.
  static boolean counts(Path relative) {
    return !OWN.contains(relative.getName(0).toString()) && !relative.startsWith(WORKTREES);
  }

  /// All files below a workspace, links not followed; what vanishes meanwhile is left out.
  static Map<String, FileStamp> tree(Path workspace) throws NodeFailure {
    Map<String, FileStamp> files = new HashMap<>();
    try {
      Files.walkFileTree(
          workspace,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(
                Path directory, BasicFileAttributes attributes) {
              return directory.equals(workspace) || counts(workspace.relativize(directory))
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.put(workspace.relativize(file).toString(), of(attributes));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException | UncheckedIOException e) {
      throw new NodeFailure(
          ErrorClass.CONFIG, "track_changes: " + workspace + " cannot be read: " + e.getMessage());
    }
    return files;
  }
}
