package dev.aidp.cli.job;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The directory that jobs work in.
///
/// @param directory its real path
/// @param identity what progress and idempotency keys belong to: the name in its `aidp.yml`, else
///   host label and path
/// @param configuration that of the directory
public record Workspace(Path directory, String identity, Configuration configuration) {

  /// @param chosen as the user named it; null: the caller's directory
  /// @throws AidpException (not found) if it is no directory
  public static Workspace of(Session session, @Nullable String chosen) {
    Path directory;
    try {
      directory = chosen == null ? session.directory() : session.directory().resolve(chosen);
    } catch (InvalidPathException e) {
      throw missing(chosen, "no path");
    }
    if (!Files.isDirectory(directory)) {
      throw missing(directory.toString(), Files.exists(directory) ? "no directory" : "missing");
    }
    try {
      directory = directory.toRealPath();
    } catch (IOException e) {
      throw missing(directory.toString(), String.valueOf(e.getMessage()));
    }
    Configuration configuration = session.configuration(directory);
    String name = configuration.settings().workspace();
    return new Workspace(
        directory, name == null ? session.hostLabel() + ":" + directory : name, configuration);
  }

  private static AidpException missing(@Nullable String directory, String why) {
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "The workspace " + directory + " can't be used: " + why,
        "Name an existing directory with --workspace DIR");
  }
}
