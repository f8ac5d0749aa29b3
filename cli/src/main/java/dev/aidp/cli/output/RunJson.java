package dev.aidp.cli.output;

import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.text.Timestamps;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON shapes of runs. A key without a value is null, never left out.
public final class RunJson {
  private RunJson() {}

  /// As `runs list` has it.
  public static ObjectNode run(Run run) {
    ObjectNode node = Json.object();
    node.put("id", run.id().toString());
    node.put("pipeline", run.pipeline());
    node.put("pipelinePath", run.pipelinePath());
    node.put("description", run.description());
    node.put("prompt", run.prompt());
    node.put("status", run.status().word());
    node.put("reason", run.reason());
    node.put("workspace", run.workspace());
    node.put("host", run.host());
    node.put("createdAt", Timestamps.format(run.createdAt()));
    node.put("startedAt", time(run.startedAt()));
    node.put("completedAt", time(run.completedAt()));
    node.put("error", run.error());
    node.put("artifactsDir", run.artifactsDirectory());
    node.put("singleJob", run.singleJob());
    return node;
  }

  /// As `runs show` has it.
  public static ObjectNode run(Run run, List<RunNode> nodes) {
    ObjectNode object = run(run);
    ArrayNode array = object.putArray("nodes");
    nodes.forEach(node -> array.add(node(node)));
    return object;
  }

  private static ObjectNode node(RunNode node) {
    ObjectNode object = Json.object();
    object.put("id", node.id());
    object.put("jobId", node.jobId());
    object.put("provider", node.provider());
    object.put("status", node.status().word());
    object.put("reason", node.reason());
    object.put("attempt", node.attempt());
    ArrayNode needs = object.putArray("needs");
    node.needs().forEach(needs::add);
    object.set(
        "output",
        node.output() == null ? Json.MAPPER.nullNode() : Json.MAPPER.readTree(node.output()));
    object.put("skipped", node.skipped());
    object.put("startedAt", time(node.startedAt()));
    object.put("completedAt", time(node.completedAt()));
    object.put("error", node.error());
    return object;
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }
}
