package dev.aidp.worker.engine;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.queue.ClaimedJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a worker tells the outside of it: its log, the artifacts, the log of job operations. Called
/// on the worker's threads: implementations return at once.
public interface WorkerEvents {
  /// It is ready to claim.
  default void started(long workerId) {}

  default void claimed(ClaimedJob job) {}

  /// Log entries of the job were committed.
  default void logged(ClaimedJob job, List<LogEntry> entries) {}

  /// An execution's end was committed.
  default void ended(ClaimedJob job, Transition transition) {}

  /// An execution's lease was lost: its result was refused.
  default void lost(ClaimedJob job) {}

  /// A lost worker's job was moved on by this one.
  ///
  /// @param workspace null for a job without one
  default void reaped(long jobId, int execution, @Nullable String workspace) {}

  /// Something is wrong, and goes on.
  default void problem(String what, @Nullable Throwable failure) {}

  /// Both of them are told everything, this one first.
  default WorkerEvents beside(WorkerEvents other) {
    return new BothEvents(this, other);
  }
}
