package dev.aidp.cli.job;

import dev.aidp.cli.config.Settings;
import dev.aidp.cli.config.Settings.ProviderSettings;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.worker.provider.Providers;
import dev.aidp.worker.provider.Providers.Missing;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which provider does a job, and whether its program is there.
public final class ProviderChoice {
  /// In the order in which a default is looked for.
  private static final List<String> AGENTS = List.of("claude", "cursor", "gemini", "codex");

  private ProviderChoice() {}

  /// The flag, else the environment, else the configuration, else the first that is found.
  ///
  /// @return as `jobs.provider` has it
  /// @throws AidpException (usage) for an unknown one, (not found) where its program is missing
  public static String choose(@Nullable String flag, Session session, Settings settings) {
    Map<String, String> environment = KeptEnvironment.of(session, settings);
    String chosen = flag;
    if (chosen == null) {
      chosen = session.variables().provider();
    }
    if (chosen == null) {
      chosen = settings.provider();
    }
    if (chosen != null) {
      String stored = stored(chosen, settings);
      check(stored, environment);
      return stored;
    }
    return AGENTS.stream()
        .filter(agent -> Providers.missing(agent, environment).isEmpty())
        .findFirst()
        .orElseThrow(() -> noneFound(environment));
  }

  /// The providers of `fallback` whose programs are there, in its order.
  ///
  /// @return as `jobs.provider` has them
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
      ProviderSettings own = settings.providers().get(name);
      if (!agents.contains(name) && (own == null || own.dialect() == null)) {
        throw new AidpException(
            ErrorCategory.USAGE,
            "fallback names '" + name + "', which is no agent",
            "Known: " + String.join(", ", agents));
      }
    }
    return settings.fallback().stream()
        .distinct()
        .map(name -> stored(name, settings))
        .filter(name -> Providers.missing(name, environment).isEmpty())
        .toList();
  }

  private static String stored(String name, Settings settings) {
    ProviderSettings own = settings.providers().get(name);
    String dialect = own == null ? null : own.dialect();
    if (dialect != null && !name.equals("shell") && !name.equals("demo")) {
      return new ProviderRef(dialect, name).stored();
    }
    List<String> known = Providers.all().names();
    if (!known.contains(name)) {
      TreeSet<String> configured = new TreeSet<>(settings.providers().keySet());
      known.forEach(configured::remove);
      throw new AidpException(
          ErrorCategory.USAGE,
          "There is no provider '" + name + "'",
          "Known: "
              + String.join(", ", known)
              + (configured.isEmpty() ? "" : ", " + String.join(", ", configured)));
    }
    return name;
  }

  private static AidpException noneFound(Map<String, String> environment) {
    String hint =
        Providers.missing(AGENTS.getFirst(), environment).map(Missing::installHint).orElse("");
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "No agent CLI was found (" + String.join(", ", AGENTS) + ")",
        "Install one: " + hint + "; or try `--provider demo`");
  }

  private static void check(String stored, Map<String, String> environment) {
    Providers.missing(stored, environment)
        .ifPresent(missing -> {
          String remedy = missing.remedy();
          throw new AidpException(
              ErrorCategory.NOT_FOUND,
              "The program of provider " + ProviderRef.of(stored).name() + " " + missing.problem(),
              Character.toUpperCase(remedy.charAt(0))
                  + remedy.substring(1)
                  + "; or try `--provider demo`");
        });
  }
}
