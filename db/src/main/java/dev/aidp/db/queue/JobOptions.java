package dev.aidp.db.queue;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.Budgets;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
/// @param isolation from other jobs of the workspace
/// @param node definition of the pipeline's node that the job is, as a JSON object; null if it is
///   none
/// @param item what an item of a `for_each` stands for, as a JSON value; null if it is none
/// @param feedback why the last result was rejected; empty: without a word; null: it was not
/// @param fallback who does it while the provider is at its usage limit, the best first
/// @param agent what an agent's command line gets beside
/// @param budgets what may be spent
public record JobOptions(
    List<String> argv,
    Permissions permissions,
    List<String> outputs,
    @Nullable String environmentId,
    @Nullable Duration stallTimeout,
    JobSpec.Isolation isolation,
    @Nullable String node,
    @Nullable String item,
    @Nullable String feedback,
    List<Alternative> fallback,
    AgentOptions agent,
    Budgets budgets) {
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
        spec.place().isolation(),
        null,
        null,
        null,
        work.fallback(),
        work.agent(),
        spec.limits().budgets());
  }

  /// The column, with what only readers need beside it.
  static String json(JobSpec spec) {
    return node(spec).toString();
  }

  /// As [#json], for a pipeline's node.
  static ObjectNode ofNode(JobSpec spec, String definition) {
    return node(spec).put("node", definition);
  }

  private static ObjectNode node(JobSpec spec) {
    ObjectNode node = of(spec).toNode();
    if (spec.work().shownPrompt() != null) {
      node.put("shownPrompt", spec.work().shownPrompt());
    }
    if (!spec.place().within().isEmpty()) {
      node.set("within", JSON.valueToTree(spec.place().within()));
    }
    return node;
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
    if (isolation != JobSpec.Isolation.NONE) {
      node.put(isolation.name().toLowerCase(Locale.ROOT), true);
    }
    if (this.node != null) {
      node.put("node", this.node);
    }
    if (item != null) {
      node.put("item", item);
    }
    if (feedback != null) {
      node.put("feedback", feedback);
    }
    if (!fallback.isEmpty()) {
      ArrayNode array = node.putArray("fallback");
      fallback.forEach(
          each -> array.addObject().put("provider", each.provider()).put("model", each.model()));
    }
    if (!agent.allowedTools().isEmpty()) {
      node.set("allowedTools", JSON.valueToTree(agent.allowedTools()));
    }
    if (agent.maxTurns() != null) {
      node.put("maxTurns", agent.maxTurns());
    }
    if (!agent.arguments().isEmpty()) {
      node.set("agentArgs", JSON.valueToTree(agent.arguments()));
    }
    if (!budgets.isNone()) {
      node.set("budget", BudgetsJson.node(budgets));
    }
    return node;
  }

  /// Reads the column; what another version of the program wrote beside is passed over.
  static JobOptions ofJson(String json) {
    if (json.equals("{}")) {
      return new JobOptions(
          List.of(),
          Permissions.EDIT,
          List.of(),
          null,
          null,
          JobSpec.Isolation.NONE,
          null,
          null,
          null,
          List.of(),
          AgentOptions.NONE,
          Budgets.NONE);
    }
    JsonNode node = JSON.readTree(json);
    return new JobOptions(
        texts(node.path("argv")),
        Permissions.ofWord(node.path("permissions").asString("edit")),
        texts(node.path("outputs")),
        text(node, "environment"),
        node.path("stallTimeoutMs").isNumber()
            ? Duration.ofMillis(node.path("stallTimeoutMs").asLong())
            : null,
        isolation(node),
        text(node, "node"),
        text(node, "item"),
        text(node, "feedback"),
        alternatives(node.path("fallback")),
        new AgentOptions(
            texts(node.path("allowedTools")),
            node.path("maxTurns").asInt(0) > 0 ? node.path("maxTurns").asInt() : null,
            texts(node.path("agentArgs"))),
        BudgetsJson.read(node.path("budget")));
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.path(key).isString() ? node.path(key).asString() : null;
  }

  private static List<Alternative> alternatives(JsonNode array) {
    List<Alternative> alternatives = new ArrayList<>();
    array.forEach(each ->
        alternatives.add(new Alternative(each.path("provider").asString(), text(each, "model"))));
    return alternatives;
  }

  private static JobSpec.Isolation isolation(JsonNode node) {
    for (JobSpec.Isolation isolation : JobSpec.Isolation.values()) {
      if (node.path(isolation.name().toLowerCase(Locale.ROOT)).asBoolean(false)) {
        return isolation;
      }
    }
    return JobSpec.Isolation.NONE;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asString()));
    return texts;
  }
}
