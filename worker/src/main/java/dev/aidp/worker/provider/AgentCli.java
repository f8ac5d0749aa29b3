package dev.aidp.worker.provider;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// What is particular to one agent's command line program. Stateless.
interface AgentCli {

  /// The name of its dialect, which is that of the provider that it was made for.
  String name();

  /// Whether a new session gets the id that we choose: then a crash can resume it at any moment.
  boolean choosesSession();

  /// Whether it reads its prompt from stdin; else [#arguments] holds it.
  default boolean readsStdin() {
    return true;
  }

  /// What follows the program.
  ///
  /// @throws IllegalArgumentException with a message for the user: the call cannot be made
  List<String> arguments(AgentCall call);

  /// Whether it can be told which tools it may use without asking.
  default boolean takesAllowedTools() {
    return false;
  }

  /// Whether it counts its model's turns itself; else it is stopped after them.
  default boolean limitsTurns() {
    return false;
  }

  /// What tells the program what it may cost, where it can be told: it then stops in time by
  /// itself.
  default List<String> budget(BigDecimal leftUsd) {
    return List.of();
  }

  /// Adds what the program needs in its environment, and takes away what would mislead it.
  void prepare(AgentCall call, Map<String, String> environment);

  /// Understands one call's output.
  AgentStream stream(AgentCall call, Events events);
}
