package dev.aidp.worker.node;

import dev.aidp.core.pipeline.Node;
import dev.aidp.core.template.NodeResult;
import dev.aidp.core.template.Reference;
import dev.aidp.core.template.Scope;
import dev.aidp.core.template.Template;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.read.ReadNodeInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The values that a node's templates stand for: read once, and only what they name, so that a node
/// costs the same in a run of ten and of a thousand.
final class NodeInputs {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private NodeInputs() {}

  static Scope read(Node node, ClaimedJob job, NodeDatabase database)
      throws InterruptedException, NodeDatabase.Gone {
    String itemJson = job.options().item();
    Set<String> names = names(node, itemJson != null);
    JsonNode item = itemJson == null ? null : JSON.readTree(itemJson);
    boolean wantsPrompt = names.remove("prompt");
    boolean wantsFiles = names.remove("changed_files");
    names.remove("item");
    if (!wantsPrompt && !wantsFiles && names.isEmpty()) {
      return new Scope(null, List.of(), item, Map.of());
    }
    return database.read(connection -> {
      String prompt =
          wantsPrompt ? ReadNodeInputs.prompt(connection, job.runId()).orElse(null) : null;
      List<String> files = new ArrayList<>();
      if (wantsFiles) {
        Set<String> distinct = new LinkedHashSet<>();
        ReadNodeInputs.changedFiles(connection, job.lease().jobId())
            .forEach(json -> distinct.addAll(texts(json)));
        files.addAll(distinct);
      }
      Map<String, NodeResult> nodes = new LinkedHashMap<>();
      if (!names.isEmpty()) {
        ReadNodeInputs.outputs(connection, job.runId(), names)
            .forEach((id, output) -> nodes.put(id, result(output)));
      }
      return new Scope(prompt, files, item, nodes);
    });
  }

  private static NodeResult result(ReadNodeInputs.Output output) {
    Integer exitCode = output.exitCode();
    return new NodeResult(
        JSON.readTree(output.json()),
        exitCode == null ? 0 : exitCode,
        texts(output.changedFiles()),
        output.skipped());
  }

  private static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    JSON.readTree(json).forEach(text -> texts.add(text.asString()));
    return texts;
  }

  /// What the templates of the node refer to. An item does not look at the list that it is from.
  private static Set<String> names(Node node, boolean isItem) {
    List<String> templates = new ArrayList<>(node.templates());
    Node.Fan fan = node.options().fan();
    if (fan != null && isItem) {
      fan.sources().forEach(templates::remove);
    }
    Set<String> names = new LinkedHashSet<>();
    templates.stream()
        .flatMap(template -> Template.parse(template).references().stream())
        .map(Reference::name)
        .forEach(names::add);
    return names;
  }
}
