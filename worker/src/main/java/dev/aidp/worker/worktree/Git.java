package dev.aidp.worker.worktree;

import dev.aidp.core.text.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The user's git, in one directory.
final class Git {
  private static final int MAX_OUTPUT = 1 << 20;

  private final Path directory;
  private final Map<String, String> environment;

  /// @param environment what the caller has; what would point git elsewhere is left out
  Git(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /// How a command ended.
  ///
  /// @param output stdout and stderr, without the line ends at its end
  record Result(int exitCode, String output) {
    boolean ok() {
      return exitCode == 0;
    }
  }

  Git in(Path other) {
    return new Git(other, environment);
  }

  Result run(String... arguments) throws WorktreeException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> child = builder.environment();
    child.clear();
    environment.forEach((name, value) -> {
      if (!name.startsWith("GIT_")) {
        child.put(name, value);
      }
    });
    child.put("GIT_TERMINAL_PROMPT", "0");
    child.put("LC_ALL", "C");
    try {
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT);
      process.getInputStream().close();
      return new Result(
          process.waitFor(), new String(output, StandardCharsets.UTF_8).stripTrailing());
    } catch (IOException e) {
      throw new WorktreeException("git can't be run in " + directory + ": " + e.getMessage());
    }
  }

  /// @return what it printed
  String require(String... arguments) throws WorktreeException, InterruptedException {
    Result result = run(arguments);
    if (!result.ok()) {
      throw new WorktreeException(
          "git " + arguments[0] + " failed: " + SafeText.oneLine(result.output()));
    }
    return result.output();
  }
}
