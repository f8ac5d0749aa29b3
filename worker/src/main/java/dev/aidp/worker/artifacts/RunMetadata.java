package dev.aidp.worker.artifacts;

import dev.aidp.core.job.Job;
import dev.aidp.core.text.Timestamps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The content of `metadata.json`.
final class RunMetadata {
  private static final JsonMapper JSON = JsonMapper.shared();

  private RunMetadata() {}

  /// Of a single job: a run of one node.
  static byte[] of(Job job, Path directory) {
    ObjectNode run = JSON.createObjectNode();
    run.put("id", job.runId().toString());
    run.putNull("pipelinePath");
    run.put("pipelineName", job.name());
    run.put("userPrompt", job.prompt());
    run.put("status", job.status().word());
    run.put("createdAt", Timestamps.format(job.createdAt()));
    run.put("startedAt", time(job.startedAt()));
    run.put("completedAt", time(job.completedAt()));
    run.put("error", job.error());
    run.put("artifactsDir", directory.toString());
    String node = job.node();
    run.putArray("nodes")
        .addObject()
        .put("id", node == null ? job.name() : node)
        .put("jobId", job.id())
        .put("status", job.status().word())
        .put("attempt", job.attempt());
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(run) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }
}
