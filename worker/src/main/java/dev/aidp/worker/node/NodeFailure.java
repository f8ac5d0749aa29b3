package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.text.SafeText;

/// A node cannot be run as it is defined: before anything has begun.
final class NodeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorClass errorClass;

  /// @param message for the author of the pipeline, one line
  NodeFailure(ErrorClass errorClass, String message) {
    super(message);
    this.errorClass = errorClass;
  }

  NodeEnded ended() {
    return new NodeEnded.Finished(outcome(errorClass, String.valueOf(getMessage())), null);
  }

  static Outcome outcome(ErrorClass errorClass, String message) {
    return new Outcome.Failed(errorClass, SafeText.oneLine(message), null, false, Figures.NONE);
  }
}
