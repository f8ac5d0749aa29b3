package dev.aidp.cli.workflow;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadWorkflow;
import org.jspecify.annotations.Nullable;

/// A step, and its latest job.
///
/// @param number from 1
/// @param latest null if it was never queued
public record StepState(int number, Step step, ReadWorkflow.@Nullable Step latest) {

  /// Whether it was ever queued.
  public boolean begun() {
    return latest != null;
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
