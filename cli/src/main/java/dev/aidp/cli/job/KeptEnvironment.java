package dev.aidp.cli.job;

import dev.aidp.cli.config.Settings;
import dev.aidp.cli.config.Settings.ProviderSettings;
import dev.aidp.cli.config.Variables;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.text.ShellWords;
import dev.aidp.worker.environment.JobEnvironments;
import dev.aidp.worker.provider.CommandWords;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The environment that a job gets: that of the shell that queued it, over what the configuration
/// adds. Provider commands and arguments of the configuration travel in it too, as the variables
/// that would have named them.
public final class KeptEnvironment {
  private KeptEnvironment() {}

  /// @return the name under which it is kept
  public static String keep(Session session, Settings settings) {
    try {
      return new JobEnvironments(
              session.directories().home(), session.database().id(), Clock.systemUTC())
          .keep(of(session, settings));
    } catch (IOException e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "The job's environment can't be kept in "
              + session.directories().home().resolve("env")
              + ": "
              + reason(e),
          "Make it writable, or set AIDP_HOME to another directory",
          e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failed && failed.getReason() == null
        ? "no access to " + failed.getFile()
        : String.valueOf(e.getMessage());
  }

  /// What would be kept.
  public static Map<String, String> of(Session session, Settings settings) {
    Map<String, String> environment = new HashMap<>();
    settings.providers().forEach((name, provider) -> putCommand(environment, name, provider));
    environment.putAll(settings.environment());
    environment.putAll(session.environment());
    environment.remove("AIDP_EXECUTION");
    environment.replaceAll((name, value) -> anchored(session, name, value));
    return environment;
  }

  /// A provider's program that is named relative to the caller's directory: the worker is
  /// elsewhere.
  private static String anchored(Session session, String name, String value) {
    if (!name.startsWith("AIDP_") || !name.endsWith("_CMD") || value.isBlank()) {
      return value;
    }
    try {
      List<String> words = new ArrayList<>(CommandWords.split(value));
      String program = words.getFirst();
      if (program.startsWith("/") || !program.contains("/")) {
        return value;
      }
      words.set(0, session.directory().resolve(program).normalize().toString());
      return ShellWords.join(words);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  private static void putCommand(
      Map<String, String> environment, String name, ProviderSettings provider) {
    List<String> command = provider.command();
    if (command.isEmpty() && provider.dialect() != null && !provider.dialect().equals(name)) {
      command = List.of(name);
    }
    if (!command.isEmpty()) {
      environment.put(Variables.providerVariable(name, "CMD"), ShellWords.join(command));
    }
    if (!provider.args().isEmpty()) {
      environment.put(Variables.providerVariable(name, "ARGS"), ShellWords.join(provider.args()));
    }
  }
}
