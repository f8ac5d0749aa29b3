package dev.aidp.worker.node;

import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.run.NodeEnd;
import org.jspecify.annotations.Nullable;

/// How an execution of a node ended.
public sealed interface NodeEnded {

  /// It has run.
  ///
  /// @param output null unless it has completed
  record Finished(Outcome outcome, NodeEnd.@Nullable Output output) implements NodeEnded {}

  /// Its job waits, and no attempt is used.
  ///
  /// @param reason for what
  record Waits(String reason, NodeEnd end) implements NodeEnded {}
}
