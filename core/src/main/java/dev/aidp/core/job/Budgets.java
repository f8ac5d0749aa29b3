package dev.aidp.core.job;

/// What a job may spend. Fixed when it is queued.
///
/// @param job by all executions of the job together, those after a retry or a resume included
/// @param run by all jobs of its run together
public record Budgets(Budget job, Budget run) {
  public static final Budgets NONE = new Budgets(Budget.NONE, Budget.NONE);

  public boolean isNone() {
    return job.isNone() && run.isNone();
  }
}
