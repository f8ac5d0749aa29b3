package dev.aidp.core.run;

import dev.aidp.core.job.JobStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A run as users see it: of a pipeline, or of a single job.
///
/// @param pipelinePath null for a pipeline that ships with aidp, and for a single job
/// @param reason why it waits or was interrupted
/// @param host host label whose workers may take its jobs; null: any
/// @param error of the node that it failed by
/// @param artifactsDirectory absolute path, null for a run without a workspace
/// @param singleJob whether it is one job that belongs to no pipeline
public record Run(
    UUID id,
    String pipeline,
    @Nullable String pipelinePath,
    @Nullable String description,
    @Nullable String prompt,
    JobStatus status,
    @Nullable String reason,
    @Nullable String workspace,
    @Nullable String host,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String error,
    @Nullable String artifactsDirectory,
    boolean singleJob) {}
