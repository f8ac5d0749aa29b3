package dev.aidp.cli.job;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.config.Settings.ProviderSettings;
import dev.aidp.cli.config.Variables;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.text.ShellWords;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which provider does a job, and whether it is there.
public final class ProviderChoice {
  /// In the order of preference where the user named none.
  private static final List<AgentCli> AGENTS =
      List.of(new AgentCli("claude", "claude", "npm install -g @anthropic-ai/claude-code"));

  private ProviderChoice() {}

  /// @param name the word in `--provider`
  /// @param binary its default program
  /// @param install how to get it
  public record AgentCli(String name, String binary, String install) {}

  /// The flag, else the environment, else the configuration, else the first that is found.
  ///
  /// @param directory what a relative program path is relative to
  public static String choose(
      @Nullable String flag, Configuration configuration, Variables variables, Path directory) {
    String chosen = flag;
    if (chosen == null) {
      chosen = variables.provider();
    }
    if (chosen == null) {
      chosen = configuration.settings().provider();
    }
    if (chosen != null) {
      check(chosen, configuration, variables, directory);
      return chosen;
    }
    for (AgentCli agent : AGENTS) {
      if (find(agent.name(), agent.binary(), configuration, variables, directory) != null) {
        return agent.name();
      }
    }
    throw new AidpException(
        ErrorCategory.NOT_FOUND,
        "No agent CLI was found (" + names(AGENTS) + ")",
        "Install one: " + AGENTS.getFirst().install() + "; or try `--provider demo`");
  }

  private static String names(List<AgentCli> agents) {
    return String.join(", ", agents.stream().map(AgentCli::name).toList());
  }

  /// Every word that `--provider` takes.
  public static Set<String> known(Configuration configuration) {
    Set<String> known = new TreeSet<>(configuration.settings().providers().keySet());
    AGENTS.forEach(agent -> known.add(agent.name()));
    known.add("demo");
    known.add("shell");
    return known;
  }

  private static void check(
      String name, Configuration configuration, Variables variables, Path directory) {
    if (!known(configuration).contains(name)) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "There is no provider '" + name + "'",
          "Known: " + String.join(", ", known(configuration)));
    }
    for (AgentCli agent : AGENTS) {
      if (agent.name().equals(name)
          && find(name, agent.binary(), configuration, variables, directory) == null) {
        throw new AidpException(
            ErrorCategory.NOT_FOUND,
            "The program of provider "
                + name
                + " was not found: "
                + command(name, agent.binary(), configuration, variables).getFirst(),
            "Install it: "
                + agent.install()
                + "; or set "
                + "AIDP_"
                + name.toUpperCase(java.util.Locale.ROOT)
                + "_CMD; or try `--provider demo`");
      }
    }
  }

  private static List<String> command(
      String name, String binary, Configuration configuration, Variables variables) {
    String fromEnvironment = variables.providerCommand(name);
    if (fromEnvironment != null) {
      try {
        List<String> words = ShellWords.split(fromEnvironment);
        return words.isEmpty() ? List.of(binary) : words;
      } catch (IllegalArgumentException e) {
        throw new AidpException(
            ErrorCategory.USAGE,
            "The command of provider " + name + " " + e.getMessage() + ": " + fromEnvironment,
            "Correct AIDP_" + name.toUpperCase(java.util.Locale.ROOT) + "_CMD",
            e);
      }
    }
    ProviderSettings settings = configuration.settings().providers().get(name);
    return settings == null || settings.command().isEmpty() ? List.of(binary) : settings.command();
  }

  private static @Nullable Path find(
      String name,
      String binary,
      Configuration configuration,
      Variables variables,
      Path directory) {
    return find(
        command(name, binary, configuration, variables).getFirst(),
        variables.environment(),
        directory);
  }

  /// The program that a shell would start under that name; null if there is none.
  static @Nullable Path find(String program, Map<String, String> environment, Path directory) {
    try {
      if (program.contains("/")) {
        return executable(directory.resolve(program));
      }
      for (String entry : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
        Path found = executable(directory.resolve(entry).resolve(program));
        if (found != null) {
          return found;
        }
      }
    } catch (InvalidPathException e) {
      // No such file can exist.
    }
    return null;
  }

  private static @Nullable Path executable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file) ? file : null;
  }
}
