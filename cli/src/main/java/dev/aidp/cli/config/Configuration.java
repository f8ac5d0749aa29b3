package dev.aidp.cli.config;

import dev.aidp.core.error.AidpException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the configuration files say together: the nearest `aidp.yml` over the user's own file.
///
/// @param settings the files' word; flags and environment win over it
/// @param workspaceFile the nearest `aidp.yml`, null where no parent directory has one
/// @param userFile where the user's own file is or would be
/// @param ignoredKeys keys of the workspace's file that do not count, for it is not trusted
public record Configuration(
    Settings settings, @Nullable Path workspaceFile, Path userFile, Set<String> ignoredKeys) {
  /// The name of the file in a workspace.
  public static final String WORKSPACE_FILE = "aidp.yml";

  /// Reads both files; those that do not exist say nothing.
  ///
  /// @param directory absolute; its nearest parent with an `aidp.yml` is the workspace's
  /// @param configDirectory `$XDG_CONFIG_HOME/aidp`
  /// @throws AidpException (usage) naming file, line and key
  public static Configuration load(Path directory, Path configDirectory) {
    Path userFile = configDirectory.resolve("config.yml");
    Settings user = Files.exists(userFile) ? ConfigFile.read(userFile).settings() : Settings.NONE;
    Path workspace = nearest(directory);
    if (workspace == null) {
      return new Configuration(user, null, userFile, Set.of());
    }
    Path workspaceFile = workspace.resolve(WORKSPACE_FILE);
    ConfigFile file = ConfigFile.read(workspaceFile);
    if (new TrustedWorkspaces(configDirectory).contains(workspace)) {
      return new Configuration(file.settings().over(user), workspaceFile, userFile, Set.of());
    }
    return new Configuration(
        file.untrusted().over(user), workspaceFile, userFile, file.trustedKeys());
  }

  /// The nearest parent directory, itself included, that holds an `aidp.yml`; null where none does.
  public static @Nullable Path nearest(Path directory) {
    for (Path parent = directory; parent != null; parent = parent.getParent()) {
      if (Files.isRegularFile(parent.resolve(WORKSPACE_FILE))) {
        return parent;
      }
    }
    return null;
  }
}
