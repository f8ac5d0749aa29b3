package dev.aidp.core.outcome;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an ended execution does to its job.
///
/// @param execution completed, failed or interrupted
/// @param job any status but running
/// @param refund whether the execution is not charged against the attempts
/// @param crash whether it counts as a crash
/// @param delay until the job may run again; null if it is over, or may run at once
/// @param reason why it waits or was interrupted; null where there is nothing to say
public record Transition(
    JobStatus execution,
    JobStatus job,
    boolean refund,
    boolean crash,
    @Nullable Duration delay,
    @Nullable String reason,
    @Nullable String error,
    @Nullable ErrorClass errorClass) {}
