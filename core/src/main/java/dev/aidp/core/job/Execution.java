package dev.aidp.core.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at a job, as it stands or as it ended.
///
/// @param attempt its number within the job, from 1
/// @param status running, completed, failed or interrupted
/// @param host host label of the worker
/// @param duration until now for a running one
public record Execution(
    long id,
    long jobId,
    int attempt,
    JobStatus status,
    @Nullable Long workerId,
    @Nullable String host,
    @Nullable Integer pid,
    Instant startedAt,
    @Nullable Instant completedAt,
    Duration duration,
    @Nullable Integer exitCode,
    @Nullable String error,
    @Nullable ErrorClass errorClass,
    @Nullable String sessionId,
    Usage usage,
    @Nullable BigDecimal costUsd,
    boolean costEstimated,
    @Nullable String result) {}
