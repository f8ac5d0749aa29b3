package dev.aidp.cli.session;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Where aidp keeps its own files.
///
/// @param home `AIDP_HOME`
/// @param config `$XDG_CONFIG_HOME/aidp`
public record Directories(Path home, Path config) {

  /// @param directory what relative values are relative to
  static Directories of(Map<String, String> environment, Path directory) {
    return new Directories(
        base(environment, directory, "AIDP_HOME", "XDG_DATA_HOME", ".local/share"),
        base(environment, directory, null, "XDG_CONFIG_HOME", ".config"));
  }

  private static Path base(
      Map<String, String> environment,
      Path directory,
      @org.jspecify.annotations.Nullable String own,
      String xdg,
      String fallback) {
    String chosen = own == null ? "" : environment.getOrDefault(own, "");
    if (!chosen.isBlank()) {
      return directory.resolve(chosen).normalize();
    }
    String shared = environment.getOrDefault(xdg, "");
    // The XDG specification: a relative path is to be ignored.
    if (shared.startsWith("/")) {
      return Path.of(shared, "aidp");
    }
    String user = environment.getOrDefault("HOME", "");
    if (user.isBlank()) {
      user = System.getProperty("user.home", "/");
    }
    return directory.resolve(user).resolve(fallback).resolve("aidp").normalize();
  }

  /// A directory below `AIDP_HOME`, made readable by the user alone where it is missing.
  ///
  /// @throws AidpException if it can't be made
  public Path make(String name) {
    Path made = home.resolve(name);
    try {
      if (!Files.isDirectory(made)) {
        Files.createDirectories(
            made,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return made;
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "The directory " + made + " can't be made: " + reason(e),
          "Set AIDP_HOME to a directory that you can write to",
          e);
    }
  }

  /// What an exception of the file system says, with the kind where the message is only a path.
  public static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case java.nio.file.NoSuchFileException _ -> "no such file or directory";
      case java.nio.file.FileAlreadyExistsException _ -> "a file of that name is in the way";
      default -> String.valueOf(e.getMessage());
    };
  }
}
