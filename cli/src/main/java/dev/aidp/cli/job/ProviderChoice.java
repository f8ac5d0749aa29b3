package dev.aidp.cli.job;

import dev.aidp.cli.config.Settings;
import dev.aidp.cli.config.Variables;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.worker.provider.Providers;
import dev.aidp.worker.provider.Providers.Missing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which provider does a job, and whether its program is there.
public final class ProviderChoice {
  /// In the order in which a default is looked for.
  private static final List<String> AGENTS = List.of("claude", "cursor", "gemini", "codex");

  private ProviderChoice() {}

  /// The flag, else the environment, else the configuration, else the first that is found.
  ///
  /// @throws AidpException (usage) for an unknown one, (not found) where its program is missing
  public static String choose(@Nullable String flag, Session session, Settings settings) {
    List<String> known = Providers.all().names();
    Map<String, String> environment = KeptEnvironment.of(session, settings);
    String chosen = flag;
    if (chosen == null) {
      chosen = session.variables().provider();
    }
    if (chosen == null) {
      chosen = settings.provider();
    }
    if (chosen != null) {
      check(chosen, known, environment);
      return chosen;
    }
    List<String> agents = AGENTS.stream().filter(known::contains).toList();
    return agents.stream()
        .filter(agent -> Providers.missing(agent, environment).isEmpty())
        .findFirst()
        .orElseThrow(() -> noneFound(agents, environment));
  }

  /// The providers of `fallback` whose programs are there, in its order.
  ///
  /// @throws AidpException (usage) for one that is no agent
  static List<String> fallback(Session session, Settings settings) {
    if (settings.fallback().isEmpty()) {
      return List.of();
    }
    List<String> agents =
        Providers.all().names().stream()
            .filter(name -> ProviderKind.of(name) == ProviderKind.AGENT)
            .toList();
    Map<String, String> environment = KeptEnvironment.of(session, settings);
    for (String name : settings.fallback()) {
      if (!agents.contains(name)) {
        throw new AidpException(
            ErrorCategory.USAGE,
            "fallback names '" + name + "', which is no agent",
            "Known: " + String.join(", ", agents));
      }
    }
    return settings.fallback().stream()
        .distinct()
        .filter(name -> Providers.missing(name, environment).isEmpty())
        .toList();
  }

  private static AidpException noneFound(List<String> agents, Map<String, String> environment) {
    String hint =
        Providers.missing(agents.getFirst(), environment).map(Missing::installHint).orElse("");
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "No agent CLI was found (" + String.join(", ", agents) + ")",
        "Install one: " + hint + "; or try `--provider demo`");
  }

  private static void check(String name, List<String> known, Map<String, String> environment) {
    if (!known.contains(name)) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "There is no provider '" + name + "'",
          "Known: " + String.join(", ", known));
    }
    Providers.missing(name, environment)
        .ifPresent(missing -> {
          throw new AidpException(
              ErrorCategory.NOT_FOUND,
              "The program of provider " + name + " was not found: " + missing.program(),
              "Install it: "
                  + missing.installHint()
                  + "; or set "
                  + Variables.providerVariable(name, "CMD")
                  + "; or try `--provider demo`");
        });
  }
}
