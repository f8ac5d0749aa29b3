package dev.aidp.worker.provider;

import java.util.List;
import java.util.Map;

/// What is particular to one agent's command line program. Stateless.
interface AgentCli {

  /// The provider's name; [AgentPrograms] knows how to find its program.
  String name();

  /// Whether a new session gets the id that we choose: then a crash can resume it at any moment.
  boolean choosesSession();

  /// Whether it reads its prompt from stdin; else [#arguments] holds it.
  default boolean readsStdin() {
    return true;
  }

  /// Whether it can be kept to some tools.
  default boolean limitsTools() {
    return false;
  }

  /// What follows the program.
  ///
  /// @throws IllegalArgumentException with a message for the user: the call cannot be made
  List<String> arguments(AgentCall call);

  /// Adds what the program needs in its environment, and takes away what would mislead it.
  void prepare(AgentCall call, Map<String, String> environment);

  /// Understands one call's output.
  AgentStream stream(AgentCall call, Events events);
}
