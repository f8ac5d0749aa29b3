package dev.aidp.worker.provider;

import dev.aidp.core.job.ProviderRef;
import dev.aidp.worker.provider.Providers.Detected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The agent CLIs that aidp knows of, and how to find them.
final class AgentPrograms {
  /// In the order in which a default is chosen.
  static final List<Program> KNOWN =
      List.of(
          new Program("claude", List.of("claude"), "npm install -g @anthropic-ai/claude-code"),
          new Program(
              "cursor",
              List.of("cursor-agent", "agent"),
              "curl https://cursor.com/install -fsS | bash"),
          new Program("gemini", List.of("gemini"), "npm install -g @google/gemini-cli"),
          new Program("codex", List.of("codex"), "npm install -g @openai/codex"));

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MAX_VERSION_BYTES = 4096;

  private AgentPrograms() {}

  /// One of them.
  static Program of(String provider) {
    return KNOWN.stream()
        .filter(program -> program.provider().equals(provider))
        .findFirst()
        .orElseGet(() -> custom(provider));
  }

  /// One that a configuration names: only its variable tells which program that is.
  static Program custom(String provider) {
    return new Program(provider, List.of(), "");
  }

  /// @param names of the executable, the best first
  record Program(String provider, List<String> names, String installHint) {

    /// The program with its leading arguments, as a job starts it. A name is looked up in PATH
    /// here, since the JDK would look in the worker's own; one that is not found is left for the
    /// start to complain about, as is a path, which is relative to the workspace.
    ///
    /// @throws IllegalArgumentException with a message for the user
    List<String> command(Map<String, String> environment) {
      String variable = variable();
      String given = environment.getOrDefault(variable, "");
      if (given.isBlank() && names.isEmpty()) {
        throw new IllegalArgumentException(
            "the command of the provider " + provider + " is not known here; " + remedy());
      }
      if (given.isBlank()) {
        return find(environment).orElse(List.of(names.getFirst()));
      }
      try {
        List<String> words = CommandWords.split(given);
        return words.getFirst().contains("/") ? words : find(environment).orElse(words);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(variable + " cannot be used: " + e.getMessage(), e);
      }
    }

    /// The program with its leading arguments, its path resolved.
    Optional<List<String>> find(Map<String, String> environment) {
      String given = environment.getOrDefault(variable(), "");
      if (given.isBlank()) {
        return names.stream()
            .flatMap(name -> locate(name, environment).stream())
            .findFirst()
            .map(path -> List.of(path.toString()));
      }
      try {
        List<String> words = new ArrayList<>(CommandWords.split(given));
        Optional<Path> path = locate(words.getFirst(), environment);
        path.ifPresent(found -> words.set(0, found.toString()));
        return path.map(_ -> List.copyOf(words));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }

    /// Why it was not found, as the end of a sentence about it.
    String problem(Map<String, String> environment) {
      String given = environment.getOrDefault(variable(), "");
      if (given.isBlank()) {
        return "was not found: "
            + (names.isEmpty() ? variable() + " is not set" : names.getFirst());
      }
      try {
        String name = CommandWords.split(given).getFirst();
        Path path = Path.of(name);
        if (!name.contains("/") || !Files.exists(path)) {
          return "was not found: " + name;
        }
        return (Files.isDirectory(path) ? "is a directory: " : "is not executable: ") + name;
      } catch (InvalidPathException _) {
        return "was not found: " + given;
      } catch (IllegalArgumentException e) {
        return "cannot be read from " + variable() + ": " + e.getMessage();
      }
    }

    /// What a configuration adds at the end of every call: `AIDP_NAME_ARGS`.
    ///
    /// @throws IllegalArgumentException with a message for the user
    List<String> configured(Map<String, String> environment) {
      String variable = new ProviderRef(provider, provider).variable("ARGS");
      String given = environment.getOrDefault(variable, "");
      try {
        return given.isBlank() ? List.of() : CommandWords.split(given);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(variable + " cannot be used: " + e.getMessage(), e);
      }
    }

    /// Names it: `AIDP_NAME_CMD`.
    String variable() {
      return new ProviderRef(provider, provider).variable("CMD");
    }

    /// What to do if it is not there.
    String remedy() {
      return names.isEmpty()
          ? "name it in " + variable() + ", or in aidp.yml as providers." + provider + ".command"
          : "install it with '" + installHint + "', or name it in " + variable();
    }

    /// Starts to ask it for its version, if it is there.
    Asked ask(Map<String, String> environment) {
      Optional<List<String>> command = find(environment);
      if (command.isEmpty()) {
        return new Asked(this, null, null, null);
      }
      Boolean loggedIn = AgentLogin.of(provider, environment);
      List<String> argv = new ArrayList<>(command.get());
      argv.add("--version");
      ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(environment);
      try {
        Process process = builder.start();
        process.getOutputStream().close();
        return new Asked(this, command.get().getFirst(), loggedIn, process);
      } catch (IOException _) {
        return new Asked(this, command.get().getFirst(), loggedIn, null);
      }
    }
  }

  /// Where an executable is: a path as it is given, a name as the environment's PATH has it.
  private static Optional<Path> locate(String name, Map<String, String> environment) {
    try {
      if (name.contains("/")) {
        return Optional.of(Path.of(name).toAbsolutePath()).filter(AgentPrograms::isProgram);
      }
      for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
        Path candidate = Path.of(directory).resolve(name).toAbsolutePath();
        if (isProgram(candidate)) {
          return Optional.of(candidate);
        }
      }
    } catch (InvalidPathException _) {
      // There is no such program.
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  /// A program that was asked for its version.
  ///
  /// @param path null: it was not found
  record Asked(
      Program program,
      @Nullable String path,
      @Nullable Boolean loggedIn,
      @Nullable Process process) {

    /// Waits for the answer. Leaves no process behind.
    Detected answer() throws InterruptedException {
      String version = process == null ? null : version(process);
      return new Detected(
          program.provider(), path != null, path, version, loggedIn, program.installHint());
    }

    private static @Nullable String version(Process process) throws InterruptedException {
      StringBuilder output = new StringBuilder();
      Thread reader =
          Thread.ofPlatform()
              .daemon()
              .name("aidp-detect")
              .start(() -> read(process.getInputStream(), output));
      try {
        Duration left = LIMIT.minus(runningFor(process));
        boolean ended = process.waitFor(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
        if (!ended || process.exitValue() != 0) {
          return null;
        }
        reader.join(Duration.ofMillis(500));
        synchronized (output) {
          return output
              .toString()
              .lines()
              .filter(line -> !line.isBlank())
              .findFirst()
              .map(RawText::line)
              .orElse(null);
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }

    private static Duration runningFor(Process process) {
      return process
          .info()
          .startInstant()
          .map(start -> Duration.between(start, java.time.Instant.now()))
          .filter(age -> !age.isNegative())
          .orElse(Duration.ZERO);
    }

    private static void read(InputStream stream, StringBuilder output) {
      try (stream) {
        byte[] bytes = stream.readNBytes(MAX_VERSION_BYTES);
        synchronized (output) {
          output.append(new String(bytes, StandardCharsets.UTF_8));
        }
        stream.transferTo(java.io.OutputStream.nullOutputStream());
      } catch (IOException _) {
        // It has gone.
      }
    }
  }
}
