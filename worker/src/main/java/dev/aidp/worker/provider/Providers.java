package dev.aidp.worker.provider;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.ProviderRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The providers that this program has. To add one, add it here.
public final class Providers {
  /// The agent CLIs whose language it speaks; a configuration may name other programs that speak
  /// it.
  private static final List<AgentCli> DIALECTS =
      List.of(new ClaudeCli(), new CursorCli(), new GeminiCli(), new CodexCli(), new TextCli());

  private final Map<String, Provider> byName = new LinkedHashMap<>();

  private Providers(List<Provider> providers) {
    providers.forEach(provider -> byName.put(provider.name(), provider));
  }

  /// All of them. They hold nothing that needs closing.
  public static Providers all() {
    List<Provider> providers = new ArrayList<>(List.of(new ShellProvider(), new DemoProvider()));
    DIALECTS.forEach(cli -> providers.add(new AgentProvider(cli)));
    return new Providers(providers);
  }

  /// @param stored as `jobs.provider` has it: a name, or `DIALECT:NAME`
  public Optional<Provider> byName(String stored) {
    ProviderRef reference = ProviderRef.of(stored);
    return Optional.ofNullable(byName.get(reference.served()))
        .map(provider -> provider.as(reference));
  }

  public List<Provider> list() {
    return List.copyOf(byName.values());
  }

  /// What `--provider` takes without a configuration.
  public List<String> names() {
    return byName.keySet().stream().filter(name -> !name.equals("text")).toList();
  }

  /// What a configuration may name as the dialect of a provider.
  public static List<String> dialects() {
    return DIALECTS.stream().map(AgentCli::name).toList();
  }

  private static Optional<AgentCli> dialect(String name) {
    return DIALECTS.stream().filter(cli -> cli.name().equals(name)).findFirst();
  }

  /// Why an agent cannot be called like this.
  ///
  /// @param stored as `jobs.provider` has it
  /// @return one line for the user; empty if it can, or if it is no agent's program
  public static Optional<String> refusal(
      String stored, @Nullable String model, AgentOptions options) {
    ProviderRef reference = ProviderRef.of(stored);
    return dialect(reference.served()).flatMap(cli -> refusal(cli, reference, model, options));
  }

  private static Optional<String> refusal(
      AgentCli cli, ProviderRef reference, @Nullable String model, AgentOptions options) {
    boolean text = cli.name().equals("text");
    String what = null;
    if (!options.allowedTools().isEmpty() && !cli.takesAllowedTools()) {
      what = "no list of allowed tools";
    } else if (text && model != null) {
      what = "no model";
    } else if (text && options.maxTurns() != null) {
      what = "no number of turns";
    }
    return Optional.ofNullable(what).map(taken -> reference.name() + " takes " + taken);
  }

  /// An agent CLI that is not there, or cannot be run.
  ///
  /// @param problem what is the matter with it, as the end of a sentence about it
  /// @param remedy what to do about it, in words
  public record Missing(String problem, String installHint, String remedy) {}

  /// Whether a provider lacks its program.
  ///
  /// @param stored as `jobs.provider` has it
  /// @param environment whose PATH and `AIDP_<NAME>_CMD` count
  /// @return empty if it is there, or if the provider needs none
  public static Optional<Missing> missing(String stored, Map<String, String> environment) {
    ProviderRef reference = ProviderRef.of(stored);
    if (dialect(reference.served()).isEmpty()) {
      return Optional.empty();
    }
    AgentPrograms.Program program = AgentPrograms.of(reference.name());
    if (program.find(environment).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Missing(program.problem(environment), program.installHint(), program.remedy()));
  }

  /// An agent CLI, as `aidp detect` shows it.
  ///
  /// @param found whether its program is there
  /// @param path of the program; null if it was not found
  /// @param version its own words for it, one line; null if it was not found or did not answer
  /// @param loggedIn whether it has an account or a key to use; null if that cannot be told
  /// @param installHint what to do to get it
  public record Detected(
      String name,
      boolean found,
      @Nullable String path,
      @Nullable String version,
      @Nullable Boolean loggedIn,
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
