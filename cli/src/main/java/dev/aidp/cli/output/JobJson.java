package dev.aidp.cli.output;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.Usage;
import dev.aidp.core.text.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON shapes of jobs, executions and log entries. A key without a value is null, never left
/// out.
public final class JobJson {
  private JobJson() {}

  public static ObjectNode job(Job job) {
    ObjectNode node = Json.object();
    node.put("id", job.id());
    node.put("name", job.name());
    node.put("runId", job.runId().toString());
    node.put("node", job.node());
    node.put("provider", job.provider());
    node.put("model", job.model());
    node.put("status", job.status().word());
    node.put("reason", job.reason());
    node.put("priority", job.priority());
    node.put("attempt", job.attempt());
    node.put("maxAttempts", job.maxAttempts());
    node.put("crashCount", job.crashCount());
    node.put("prompt", job.prompt());
    node.put("workspace", job.workspace());
    node.put("host", job.host());
    node.put("createdAt", Timestamps.format(job.createdAt()));
    node.put("startedAt", time(job.startedAt()));
    node.put("completedAt", time(job.completedAt()));
    node.put("durationMs", millis(job.duration()));
    node.put("error", job.error());
    node.put("errorClass", job.errorClass() == null ? null : job.errorClass().word());
    node.put("exitCode", job.exitCode());
    node.put("sessionId", job.sessionId());
    node.put("result", job.result());
    node.set("usage", usage(job.usage()));
    node.put("costUsd", job.costUsd());
    node.put("costEstimated", job.costEstimated());
    node.set("metadata", Json.MAPPER.readTree(job.metadata()));
    node.put("progress", job.progress());
    node.put("artifactsDir", job.artifactsDirectory());
    node.put("worktree", job.worktree());
    return node;
  }

  /// The object of `jobs show`.
  public static ObjectNode job(Job job, List<Execution> executions) {
    ObjectNode node = job(job);
    ArrayNode array = node.putArray("executions");
    executions.forEach(execution -> array.add(execution(execution)));
    return node;
  }

  private static ObjectNode execution(Execution execution) {
    ObjectNode node = Json.object();
    node.put("attempt", execution.attempt());
    node.put("status", execution.status().word());
    node.put("workerId", execution.workerId());
    node.put("host", execution.host());
    node.put("pid", execution.pid());
    node.put("startedAt", Timestamps.format(execution.startedAt()));
    node.put("completedAt", time(execution.completedAt()));
    node.put("durationMs", millis(execution.duration()));
    node.put("exitCode", execution.exitCode());
    node.put("error", execution.error());
    node.put("errorClass", execution.errorClass() == null ? null : execution.errorClass().word());
    node.put("sessionId", execution.sessionId());
    node.set("usage", usage(execution.usage()));
    node.put("costUsd", execution.costUsd());
    node.put("costEstimated", execution.costEstimated());
    node.put("result", execution.result());
    return node;
  }

  public static ObjectNode logEntry(LogEntry entry) {
    ObjectNode node = Json.object();
    node.put("timestamp", Timestamps.format(entry.timestamp()));
    node.put("level", entry.level().word());
    node.put("category", entry.category().word());
    node.put("message", entry.message());
    node.set(
        "data", entry.data() == null ? Json.MAPPER.nullNode() : Json.MAPPER.readTree(entry.data()));
    node.put("jobId", entry.jobId());
    node.put("attempt", entry.attempt());
    node.put("seq", entry.seq());
    return node;
  }

  private static ObjectNode usage(Usage usage) {
    return Json.object()
        .put("inputTokens", usage.inputTokens())
        .put("outputTokens", usage.outputTokens())
        .put("cachedTokens", usage.cachedTokens());
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
