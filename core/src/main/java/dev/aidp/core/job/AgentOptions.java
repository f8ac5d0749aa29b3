package dev.aidp.core.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent's command line gets beyond model and permissions.
///
/// @param allowedTools tools that it may use without asking, in its program's own words
/// @param maxTurns answers of the model until it is stopped; null: as its program has it
/// @param arguments handed on as they are
public record AgentOptions(
    List<String> allowedTools, @Nullable Integer maxTurns, List<String> arguments) {
  public static final AgentOptions NONE = new AgentOptions(List.of(), null, List.of());

  public AgentOptions {
    allowedTools = List.copyOf(allowedTools);
    arguments = List.copyOf(arguments);
    if (maxTurns != null && maxTurns < 1) {
      throw new IllegalArgumentException("turns start at 1");
    }
  }
}
