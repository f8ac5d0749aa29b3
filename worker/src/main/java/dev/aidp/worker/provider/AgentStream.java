package dev.aidp.worker.provider;

import dev.aidp.core.outcome.Outcome;
import java.util.List;

/// Understands the output of one call of an agent CLI, reporting what happens as it happens. Its
/// methods are never called at once by two threads.
interface AgentStream {

  /// A line of stdout. May be anything.
  void line(String line);

  /// A line of stderr. May be anything; most of them are noise.
  default void stderr(String line) {
    // What counts comes by stdout.
  }

  /// Whether it does nothing but wait, for longer than anybody should hold a slot for it.
  default boolean onlyWaits() {
    return false;
  }

  /// Whether the agent has said that it is done, well or not. The process may still run.
  boolean hasResult();

  /// How often the model has answered: with a text, tool calls or both. Zero if that is not known.
  int turns();

  /// Whether the call failed since its session is not known here.
  boolean isSessionUnknown(List<String> stderr);

  /// What became of it, once the process has ended and all lines were given.
  ///
  /// @param exitCode of the process
  /// @param endedByUs whether it was ended because it outstayed its result
  /// @param stderr the first and the last lines of stderr
  Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr);
}
