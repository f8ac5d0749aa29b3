package dev.aidp.worker.artifacts;

import dev.aidp.core.job.Job;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.text.Timestamps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
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

  /// Of a pipeline's run.
  static byte[] of(Run run, List<RunNode> nodes, Path directory) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", run.id().toString());
    json.put("pipelinePath", run.pipelinePath());
    json.put("pipelineName", run.pipeline());
    json.put("userPrompt", run.prompt());
    json.put("status", run.status().word());
    json.put("createdAt", Timestamps.format(run.createdAt()));
    json.put("startedAt", time(run.startedAt()));
    json.put("completedAt", time(run.completedAt()));
    json.put("error", run.error());
    json.put("artifactsDir", directory.toString());
    ArrayNode array = json.putArray("nodes");
    for (RunNode node : nodes) {
      array
          .addObject()
          .put("id", node.id())
          .put("jobId", node.jobId())
          .put("status", node.status().word())
          .put("attempt", node.attempt());
    }
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }
}
