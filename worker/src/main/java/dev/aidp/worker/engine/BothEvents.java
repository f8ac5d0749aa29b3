package dev.aidp.worker.engine;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.queue.ClaimedJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells two of them everything, one after the other.
record BothEvents(WorkerEvents first, WorkerEvents second) implements WorkerEvents {
  @Override
  public void started(long workerId) {
    first.started(workerId);
    second.started(workerId);
  }

  @Override
  public void claimed(ClaimedJob job) {
    first.claimed(job);
    second.claimed(job);
  }

  @Override
  public void logged(ClaimedJob job, List<LogEntry> entries) {
    first.logged(job, entries);
    second.logged(job, entries);
  }

  @Override
  public void ended(ClaimedJob job, Transition transition) {
    first.ended(job, transition);
    second.ended(job, transition);
  }

  @Override
  public void lost(ClaimedJob job) {
    first.lost(job);
    second.lost(job);
  }

  @Override
  public void reaped(long jobId, int execution, @Nullable String workspace) {
    first.reaped(jobId, execution, workspace);
    second.reaped(jobId, execution, workspace);
  }

  @Override
  public void problem(String what, @Nullable Throwable failure) {
    first.problem(what, failure);
    second.problem(what, failure);
  }
}
