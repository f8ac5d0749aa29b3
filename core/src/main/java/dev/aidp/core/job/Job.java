package dev.aidp.core.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job as users see it: the row, with what its executions add up to.
///
/// @param host host label whose workers may take it; null: any
/// @param duration of the latest execution; null if there was none
/// @param progress the last thing a running execution said or did; null otherwise
/// @param usage the sum over its executions
/// @param metadata a JSON object as text
/// @param artifactsDirectory absolute path, null for a job without a workspace
/// @param worktree absolute path of the git worktree that it has to itself; null: it has none, or
///   none any more
public record Job(
    long id,
    String name,
    UUID runId,
    @Nullable String node,
    String provider,
    @Nullable String model,
    JobStatus status,
    @Nullable String reason,
    int priority,
    int attempt,
    int maxAttempts,
    int crashCount,
    String prompt,
    @Nullable String workspace,
    @Nullable String host,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable Duration duration,
    @Nullable String error,
    @Nullable ErrorClass errorClass,
    @Nullable Integer exitCode,
    @Nullable String sessionId,
    @Nullable String result,
    @Nullable String progress,
    Usage usage,
    @Nullable BigDecimal costUsd,
    boolean costEstimated,
    String metadata,
    @Nullable String artifactsDirectory,
    @Nullable String worktree) {}
