package dev.aidp.db.queue;

import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The column `jobs.options`: what the provider needs and nobody queries.
///
/// @param argv the command as given; empty: the prompt is run by bash
/// @param environmentId names the kept environment of the shell that queued the job
/// @param stallTimeout null: the provider's default
/// @param fallback who does it while the provider is at its usage limit, the best first
public record JobOptions(
    List<String> argv,
    Permissions permissions,
    List<String> outputs,
    @Nullable String environmentId,
    @Nullable Duration stallTimeout,
    List<Alternative> fallback) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public JobOptions {
    argv = List.copyOf(argv);
    outputs = List.copyOf(outputs);
    fallback = List.copyOf(fallback);
  }

  static JobOptions of(JobSpec spec) {
    JobSpec.Work work = spec.work();
    return new JobOptions(
        work.argv(),
        work.permissions(),
        work.outputs(),
        work.environmentId(),
        spec.limits().stallTimeout(),
        work.fallback());
  }

  /// The column, with what only readers need beside it.
  static String json(JobSpec spec) {
    ObjectNode node = of(spec).toNode();
    if (spec.work().shownPrompt() != null) {
      node.put("shownPrompt", spec.work().shownPrompt());
    }
    return node.toString();
  }

  private ObjectNode toNode() {
    ObjectNode node = JSON.createObjectNode();
    if (!argv.isEmpty()) {
      node.set("argv", JSON.valueToTree(argv));
    }
    if (permissions != Permissions.EDIT) {
      node.put("permissions", permissions.word());
    }
    if (!outputs.isEmpty()) {
      node.set("outputs", JSON.valueToTree(outputs));
    }
    if (environmentId != null) {
      node.put("environment", environmentId);
    }
    if (stallTimeout != null) {
      node.put("stallTimeoutMs", stallTimeout.toMillis());
    }
    if (!fallback.isEmpty()) {
      ArrayNode array = node.putArray("fallback");
      fallback.forEach(
          each -> array.addObject().put("provider", each.provider()).put("model", each.model()));
    }
    return node;
  }

  /// Reads the column; what another version of the program wrote beside is passed over.
  static JobOptions ofJson(String json) {
    if (json.equals("{}")) {
      return new JobOptions(List.of(), Permissions.EDIT, List.of(), null, null, List.of());
    }
    JsonNode node = JSON.readTree(json);
    return new JobOptions(
        texts(node.path("argv")),
        Permissions.ofWord(node.path("permissions").asString("edit")),
        texts(node.path("outputs")),
        node.path("environment").isString() ? node.path("environment").asString() : null,
        node.path("stallTimeoutMs").isNumber()
            ? Duration.ofMillis(node.path("stallTimeoutMs").asLong())
            : null,
        alternatives(node.path("fallback")));
  }

  private static List<Alternative> alternatives(JsonNode array) {
    List<Alternative> alternatives = new ArrayList<>();
    array.forEach(each ->
        alternatives.add(
            new Alternative(
                each.path("provider").asString(),
                each.path("model").isString() ? each.path("model").asString() : null)));
    return alternatives;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asString()));
    return texts;
  }
}
