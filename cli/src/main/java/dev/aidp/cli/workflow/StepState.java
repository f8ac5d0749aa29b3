package dev.aidp.cli.workflow;

import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadWorkflow;
import org.jspecify.annotations.Nullable;

/// A step, and its latest job.
///
/// @param workflow its name
/// @param number from 1
/// @param latest null if it was never queued, or that was forgotten
/// @param lastJobId of the last job that it ever had, forgotten or not; 0: it had none
public record StepState(
    String workflow, int number, Step step, ReadWorkflow.@Nullable Step latest, long lastJobId) {

  static StepState of(String workflow, int number, Step step, ReadWorkflow.@Nullable Step latest) {
    return latest == null
        ? new StepState(workflow, number, step, null, 0)
        : new StepState(workflow, number, step, latest.forgotten() ? null : latest, latest.jobId());
  }

  /// As on the command line, such as `execute prd`.
  public String display() {
    return workflow + " " + step.id();
  }

  /// Whether it was ever queued.
  public boolean begun() {
    return latest != null;
  }

  /// Whether its job has not ended.
  public boolean active() {
    return latest != null && !latest.status().ended();
  }

  /// That of its latest job; null if it was never queued.
  public @Nullable JobStatus status() {
    return latest == null ? null : latest.status();
  }

  public Approval approval() {
    if (latest != null && "rejected".equals(latest.answer())) {
      return Approval.REJECTED;
    }
    if (!step.approval()) {
      return Approval.NONE;
    }
    if (status() != JobStatus.COMPLETED) {
      return Approval.PENDING;
    }
    return latest != null && latest.answer() != null ? Approval.APPROVED : Approval.ASKED;
  }

  /// Whether there is nothing more to do about it.
  public boolean done() {
    return status() == JobStatus.COMPLETED
        && (approval() == Approval.NONE || approval() == Approval.APPROVED);
  }

  /// Why it is not done; null where there is nothing to say.
  public @Nullable String detail() {
    return switch (approval()) {
      case ASKED -> "approval: " + approveCommand();
      case REJECTED -> "rejected: aidp " + workflow + " next";
      case NONE, PENDING, APPROVED ->
          latest == null ? null : latest.error() == null ? latest.reason() : latest.error();
    };
  }

  /// What to type to agree.
  public String approveCommand() {
    return "aidp approve " + display();
  }

  /// Whether `next` begins here: never queued, ended without success, or rejected.
  public boolean isNext() {
    JobStatus status = status();
    return status == null
        || status == JobStatus.FAILED
        || status == JobStatus.INTERRUPTED
        || approval() == Approval.REJECTED;
  }
}
