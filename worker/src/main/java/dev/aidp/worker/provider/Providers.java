package dev.aidp.worker.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The providers that this program has. To add one, add it here.
public final class Providers {
  private final Map<String, Provider> byName = new LinkedHashMap<>();

  private Providers(List<Provider> providers) {
    providers.forEach(provider -> byName.put(provider.name(), provider));
  }

  /// All of them. They hold nothing that needs closing.
  public static Providers all() {
    return new Providers(
        List.of(
            new ShellProvider(),
            new DemoProvider(),
            new AgentProvider(new ClaudeCli()),
            new AgentProvider(new CursorCli()),
            new AgentProvider(new GeminiCli()),
            new AgentProvider(new CodexCli())));
  }

  public Optional<Provider> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public List<Provider> list() {
    return List.copyOf(byName.values());
  }

  /// What a worker can run, and `--provider` takes.
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /// The provider of a job that names none: `AIDP_PROVIDER`, which may name one that does not
  /// exist, else the first agent whose program is found.
  ///
  /// @param environment of the shell that queues the job
  /// @return empty if there is none
  public static Optional<String> defaultName(Map<String, String> environment) {
    String named = environment.getOrDefault("AIDP_PROVIDER", "");
    if (!named.isBlank()) {
      return Optional.of(named.strip());
    }
    return AgentPrograms.KNOWN.stream()
        .filter(program -> program.find(environment).isPresent())
        .map(AgentPrograms.Program::provider)
        .findFirst();
  }

  /// An agent CLI that is not there.
  ///
  /// @param program what was looked for
  public record Missing(String program, String installHint) {}

  /// Whether a provider lacks its program.
  ///
  /// @param environment whose PATH and `AIDP_<NAME>_CMD` count
  /// @return empty if it is there, or if the provider needs none
  public static Optional<Missing> missing(String provider, Map<String, String> environment) {
    return AgentPrograms.KNOWN.stream()
        .filter(program -> program.provider().equals(provider))
        .filter(program -> program.find(environment).isEmpty())
        .findFirst()
        .map(program -> {
          String given = environment.getOrDefault(AgentProvider.commandVariable(provider), "");
          return new Missing(
              given.isBlank() ? program.names().getFirst() : given, program.installHint());
        });
  }

  /// An agent CLI, as `aidp detect` shows it.
  ///
  /// @param found whether its program is there
  /// @param path of the program; null if it was not found
  /// @param version its own words for it, one line; null if it was not found or did not answer
  /// @param installHint what to do to get it
  public record Detected(
      String name,
      boolean found,
      @Nullable String path,
      @Nullable String version,
      String installHint) {}

  /// Looks for the agent CLIs and asks each for its version, all at once. Takes 5 s at most.
  ///
  /// @param environment whose PATH and `AIDP_<NAME>_CMD` count
  /// @return claude, cursor, gemini, codex
  public static List<Detected> detect(Map<String, String> environment) throws InterruptedException {
    List<Detected> detected = new ArrayList<>();
    List<AgentPrograms.Asked> asked =
        AgentPrograms.KNOWN.stream().map(program -> program.ask(environment)).toList();
    for (AgentPrograms.Asked one : asked) {
      detected.add(one.answer());
    }
    return detected;
  }
}
