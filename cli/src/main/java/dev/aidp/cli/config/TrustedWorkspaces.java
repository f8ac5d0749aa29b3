package dev.aidp.cli.config;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;

/// The workspaces whose `aidp.yml` may name databases, environments and provider commands: one real
/// path a line in `$XDG_CONFIG_HOME/aidp/trusted`, which only the user writes.
public final class TrustedWorkspaces {
  private final Path file;

  public TrustedWorkspaces(Path configDirectory) {
    this.file = configDirectory.resolve("trusted");
  }

  public boolean contains(Path workspace) {
    return read().contains(real(workspace));
  }

  /// @return false if it was trusted already
  public boolean add(Path workspace) {
    Set<String> paths = read();
    boolean added = paths.add(real(workspace));
    if (added) {
      write(paths);
    }
    return added;
  }

  /// @return false if it was not trusted
  public boolean remove(Path workspace) {
    Set<String> paths = read();
    boolean removed = paths.remove(real(workspace));
    if (removed) {
      write(paths);
    }
    return removed;
  }

  private static String real(Path workspace) {
    String path;
    try {
      path = workspace.toRealPath().toString();
    } catch (IOException e) {
      path = workspace.toAbsolutePath().normalize().toString();
    }
    if (path.indexOf('\n') >= 0) {
      throw new AidpException(
          ErrorCategory.USAGE, "A directory with a line end in its name can't be trusted", null);
    }
    return path;
  }

  private Set<String> read() {
    try {
      return Files.exists(file)
          ? new LinkedHashSet<>(Files.readAllLines(file))
          : new LinkedHashSet<>();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Set<String> paths) {
    try {
      Files.createDirectories(file.getParent());
      Path made =
          Files.createTempFile(
              file.getParent(),
              "trusted",
              null,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(made, paths);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "Writing " + file + " failed: " + e.getMessage(),
          "Make the directory writable, or set XDG_CONFIG_HOME",
          e);
    }
  }
}
