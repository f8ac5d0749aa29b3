package dev.aidp.core.run;

import dev.aidp.core.job.JobStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of a run, or one item of a node with `for_each`, as users see it.
///
/// @param id such as `check`, or `translate[2]` for an item
/// @param fanOutId the job of the node whose item it is; null if it is none
/// @param needs ids of the nodes that it needs directly
/// @param output a JSON value as text; null unless it has completed, or if it was not asked for
/// @param skipped whether its `when` did not hold
public record RunNode(
    String id,
    long jobId,
    @Nullable Long fanOutId,
    String provider,
    JobStatus status,
    @Nullable String reason,
    int attempt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String error,
    List<String> needs,
    @Nullable String output,
    boolean skipped) {
  public RunNode {
    needs = List.copyOf(needs);
  }
}
