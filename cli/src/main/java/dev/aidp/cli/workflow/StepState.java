package dev.aidp.cli.workflow;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadWorkflow;
import org.jspecify.annotations.Nullable;

/// A step, and its latest job.
///
/// @param number from 1
/// @param latest null if it was never queued, or that was forgotten
/// @param lastJobId of the last job that it ever had, forgotten or not; 0: it had none
public record StepState(int number, Step step, ReadWorkflow.@Nullable Step latest, long lastJobId) {

  static StepState of(int number, Step step, ReadWorkflow.@Nullable Step latest) {
    return latest == null
        ? new StepState(number, step, null, 0)
        : new StepState(number, step, latest.forgotten() ? null : latest, latest.jobId());
  }

  /// Whether it was ever queued.
  public boolean begun() {
    return latest != null;
  }

  /// That of its latest job; null if it was never queued.
  public @Nullable JobStatus status() {
    return latest == null ? null : latest.status();
  }

  /// Whether there is nothing more to do about it.
  public boolean done() {
    return status() == JobStatus.COMPLETED;
  }

  /// Why it is not done; null where there is nothing to say.
  public @Nullable String detail() {
    return latest == null ? null : latest.error() == null ? latest.reason() : latest.error();
  }

  /// Whether its job has not ended.
  public boolean active() {
    return latest != null && !latest.status().ended();
  }

  /// Whether `next` begins here: never queued, or ended without success.
  boolean isNext() {
    return latest == null
        || latest.status() == JobStatus.FAILED
        || latest.status() == JobStatus.INTERRUPTED;
  }
}
