package dev.aidp.worker.process;

import dev.aidp.worker.process.StartFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out before a start what the exec would stumble over, by its own rules (execvp): so that a
/// missing program is never mistaken for a program that ends with 127.
final class ExecutableSearch {
  /// What execvp searches when there is no PATH.
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  private static final int FIRST_LINE_BYTES = 256;

  private ExecutableSearch() {}

  /// Gives the program's path, symbolic links not followed.
  static Path find(String program, Map<String, String> environment, Path directory)
      throws StartFailure {
    if (!Files.isDirectory(directory)) {
      throw new StartFailure(
          Kind.MISSING_DIRECTORY, "The working directory " + directory + " does not exist");
    }
    if (!Files.isExecutable(directory)) {
      throw new StartFailure(
          Kind.MISSING_DIRECTORY, "The working directory " + directory + " may not be entered");
    }
    String searchPath = environment.getOrDefault("PATH", DEFAULT_PATH);
    try {
      Path found = search(program, searchPath, directory);
      checkInterpreter(found, searchPath, directory);
      return found;
    } catch (InvalidPathException e) {
      throw new StartFailure(Kind.MISSING_BINARY, "No program can be named " + program, e);
    }
  }

  private static Path search(String program, String searchPath, Path directory)
      throws StartFailure {
    List<Path> candidates =
        program.contains("/")
            ? List.of(directory.resolve(program))
            : List.of(searchPath.split(":", -1)).stream()
                .map(entry -> directory.resolve(entry).resolve(program))
                .toList();
    Optional<Path> unusable = Optional.empty();
    for (Path candidate : candidates) {
      if (!program.isEmpty() && Files.exists(candidate)) {
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return candidate;
        }
        unusable = Optional.of(candidate);
      }
    }
    if (unusable.isPresent()) {
      throw new StartFailure(Kind.NOT_EXECUTABLE, unusable.get() + " is not an executable file");
    }
    throw new StartFailure(
        Kind.MISSING_BINARY,
        program.contains("/")
            ? directory.resolve(program) + " does not exist"
            : "'" + program + "' was not found in PATH");
  }

  /// A script whose `#!` program is missing fails like a missing program, and so does one by
  /// `#!/usr/bin/env NAME`: what every npm-installed agent is.
  private static void checkInterpreter(Path script, String searchPath, Path directory)
      throws StartFailure {
    String line = firstLine(script);
    if (!line.startsWith("#!")) {
      return;
    }
    String[] command = line.substring(2).strip().split("[ \t]+", -1);
    if (command[0].startsWith("/") && !Files.isExecutable(Path.of(command[0]))) {
      throw new StartFailure(
          Kind.MISSING_BINARY, script + " needs " + command[0] + ", which does not exist");
    }
    boolean byEnv = command[0].endsWith("/env") && command.length > 1;
    if (byEnv && command[1].matches("[A-Za-z0-9._+][A-Za-z0-9._+-]*")) {
      try {
        search(command[1], searchPath, directory);
      } catch (StartFailure e) {
        throw new StartFailure(
            e.kind(), script + " needs " + command[1] + ": " + e.getMessage(), e);
      }
    }
  }

  private static String firstLine(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(FIRST_LINE_BYTES), StandardCharsets.ISO_8859_1);
      return start.lines().findFirst().orElse("");
    } catch (IOException e) {
      // It may be executed but not read.
      return "";
    }
  }
}
