package dev.aidp.worker.provider;

import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.outcome.Outcome;
import org.jspecify.annotations.Nullable;

/// Runs the jobs of one name. Implementations hold no state of an execution: one instance runs many
/// at once, each on a thread of its own.
public interface Provider {

  /// The word in `--provider` and in the database.
  String name();

  /// Runs one execution to its end. May block as long as it takes; must return soon after
  /// [Attempt#stop()] was asked for (what it then returns only serves for its figures).
  ///
  /// Expected ends are outcomes; an exception is a defect and fails the job with class `unknown`.
  Outcome run(Attempt attempt) throws InterruptedException;

  /// An id for the session that a new execution begins, where the provider lets us choose: it is
  /// stored before the execution begins, so that a crash at any moment can resume it.
  default @Nullable String newSessionId() {
    return null;
  }

  /// As the provider that a configuration calls so, if this is its dialect.
  ///
  /// @return null if it cannot be that
  default @Nullable Provider as(ProviderRef reference) {
    return reference.isCustom() ? null : this;
  }

  /// Whether its executions leave artifacts in the workspace.
  default boolean leavesArtifacts() {
    return true;
  }
}
