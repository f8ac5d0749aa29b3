package dev.aidp.core.outcome;

import dev.aidp.core.job.ErrorClass;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How one execution ended, as its provider and its worker saw it.
public sealed interface Outcome {

  /// What the execution used and left behind, however it ended.
  Figures figures();

  /// The same with its texts (result, error, session) changed.
  default Outcome withTexts(UnaryOperator<String> change) {
    Figures changed = figures().withTexts(change);
    return switch (this) {
      case Completed _ -> withFigures(changed);
      case Failed failed ->
          new Failed(
              failed.errorClass(),
              change.apply(failed.error()),
              failed.retryAfter(),
              failed.repeatable(),
              changed);
      case Interrupted interrupted ->
          new Interrupted(interrupted.cause(), change.apply(interrupted.error()), changed);
    };
  }

  /// The same with other figures.
  default Outcome withFigures(Figures other) {
    return switch (this) {
      case Completed _ -> new Completed(other);
      case Failed failed ->
          new Failed(
              failed.errorClass(), failed.error(), failed.retryAfter(), failed.repeatable(), other);
      case Interrupted interrupted ->
          new Interrupted(interrupted.cause(), interrupted.error(), other);
    };
  }

  /// It did what it was asked for.
  record Completed(Figures figures) implements Outcome {}

  /// It ended by itself, without having done it.
  ///
  /// @param error one line for the user
  /// @param retryAfter what the provider asked to wait; null if it said nothing
  /// @param repeatable whether trying again cannot do anything twice: no tool was used yet, or the
  ///   session can be resumed
  record Failed(
      ErrorClass errorClass,
      String error,
      @Nullable Duration retryAfter,
      boolean repeatable,
      Figures figures)
      implements Outcome {}

  /// It was ended from outside.
  record Interrupted(Cause cause, String error, Figures figures) implements Outcome {}

  /// Why an execution was ended from outside.
  enum Cause {
    /// A user asked for it.
    CANCELLED,
    /// The worker was told to stop and its grace ran out.
    SHUTDOWN,
    /// The worker died, or was declared dead.
    WORKER_LOST
  }
}
