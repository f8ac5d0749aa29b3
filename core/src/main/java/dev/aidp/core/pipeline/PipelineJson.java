package dev.aidp.core.pipeline;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.pipeline.Node.Agent;
import dev.aidp.core.pipeline.Node.Approval;
import dev.aidp.core.pipeline.Node.Fan;
import dev.aidp.core.pipeline.Node.Gate;
import dev.aidp.core.pipeline.Node.Head;
import dev.aidp.core.pipeline.Node.Options;
import dev.aidp.core.pipeline.Node.Task;
import dev.aidp.core.pipeline.Node.TrackChanges;
import dev.aidp.core.text.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A checked pipeline as JSON, as the database keeps it: the keys of the file, with every node's
/// needs written out. Reading what was written gives an equal pipeline; keys that this version does
/// not know are passed over, since a newer one may have written it.
public final class PipelineJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private PipelineJson() {}

  public static String write(Pipeline pipeline) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", pipeline.name());
    putText(json, "description", pipeline.description());
    ArrayNode nodes = json.putArray("nodes");
    pipeline.nodes().forEach(node -> write(node, nodes.addObject()));
    return json.toString();
  }

  /// One node alone, as its job carries it.
  public static String write(Node node) {
    ObjectNode json = MAPPER.createObjectNode();
    write(node, json);
    return json.toString();
  }

  private static void write(Node node, ObjectNode json) {
    json.put("id", node.id());
    putText(json, "description", node.head().description());
    putTexts(json.putArray("needs"), node.needs());
    putText(json, "when", node.head().when());
    switch (node) {
      case Agent agent -> write(agent, json);
      case Task task -> json.put("type", "task").put("command", task.command());
      case Gate gate -> {
        json.put("type", "gate").put("command", gate.command());
        putText(json, "message", gate.message());
      }
      case Approval approval -> {
        json.put("type", "approval");
        putText(json, "message", approval.message());
      }
    }
    write(node.options(), json);
  }

  private static void write(Agent agent, ObjectNode json) {
    json.put("type", "agent").put("prompt", agent.prompt());
    putText(json, "provider", agent.provider());
    putText(json, "model", agent.model());
    if (!agent.tools().isEmpty()) {
      putTexts(json.putArray("tools"), agent.tools());
    }
    Permissions permissions = agent.permissions();
    putText(json, "permissions", permissions == null ? null : permissions.word());
    OutputSchema schema = agent.outputSchema();
    if (schema != null) {
      json.set("output_schema", MAPPER.readTree(schema.json()));
    }
  }

  private static void write(Options options, ObjectNode json) {
    putText(json, "cwd", options.cwd());
    if (!options.env().isEmpty()) {
      ObjectNode env = json.putObject("env");
      options.env().forEach(env::put);
    }
    Duration timeout = options.timeout();
    putText(json, "timeout", timeout == null ? null : timeout.toMillis() + "ms");
    if (options.maxAttempts() != null) {
      json.put("max_attempts", options.maxAttempts());
    }
    Fan fan = options.fan();
    if (fan != null) {
      putTexts(json.putArray("for_each"), fan.sources());
      json.put("max_parallel", fan.maxParallel());
    }
    if (options.trackChanges() != TrackChanges.NO) {
      json.put("track_changes", options.trackChanges().name().toLowerCase(Locale.ROOT));
    }
    if (!options.outputs().isEmpty()) {
      putTexts(json.putArray("outputs"), options.outputs());
    }
  }

  private static void putText(ObjectNode json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  private static void putTexts(ArrayNode json, List<String> values) {
    values.forEach(json::add);
  }

  /// @throws IllegalArgumentException if it is no pipeline
  public static Pipeline read(String json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      List<Node> nodes = new ArrayList<>();
      root.path("nodes").forEach(node -> nodes.add(node(node)));
      return new Pipeline(required(root, "name"), text(root, "description"), nodes);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("this is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /// Reads what [#write(Node)] wrote.
  ///
  /// @throws IllegalArgumentException if it is no node
  public static Node readNode(String json) {
    try {
      return node(MAPPER.readTree(json));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("this is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Node node(JsonNode json) {
    Head head =
        new Head(
            required(json, "id"),
            text(json, "description"),
            texts(json, "needs"),
            text(json, "when"));
    String type = required(json, "type");
    return switch (type) {
      case "agent" -> agent(head, json);
      case "task" -> new Task(head, options(json), required(json, "command"));
      case "gate" ->
          new Gate(head, options(json), required(json, "command"), text(json, "message"));
      case "approval" -> new Approval(head, text(json, "message"));
      default -> throw new IllegalArgumentException("unknown type of a node: " + type);
    };
  }

  private static Agent agent(Head head, JsonNode json) {
    String permissions = text(json, "permissions");
    JsonNode schema = json.path("output_schema");
    return new Agent(
        head,
        options(json),
        required(json, "prompt"),
        text(json, "provider"),
        text(json, "model"),
        texts(json, "tools"),
        permissions == null ? null : Permissions.ofWord(permissions),
        schema.isMissingNode() ? null : new OutputSchema(schema.toString()));
  }

  private static Options options(JsonNode json) {
    Map<String, String> env = new LinkedHashMap<>();
    json.path("env").properties().forEach(e -> env.put(e.getKey(), e.getValue().asString()));
    String timeout = text(json, "timeout");
    String track = text(json, "track_changes");
    return new Options(
        text(json, "cwd"),
        env,
        timeout == null ? null : Durations.parse(timeout),
        json.hasNonNull("max_attempts") ? json.get("max_attempts").asInt() : null,
        json.has("for_each")
            ? new Fan(texts(json, "for_each"), json.path("max_parallel").asInt())
            : null,
        track == null ? TrackChanges.NO : TrackChanges.valueOf(track.toUpperCase(Locale.ROOT)),
        texts(json, "outputs"));
  }

  private static String required(JsonNode json, String key) {
    String text = text(json, key);
    if (text == null) {
      throw new IllegalArgumentException("a pipeline without '" + key + "' where it needs one");
    }
    return text;
  }

  private static @Nullable String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    return value.isString() ? value.asString() : null;
  }

  private static List<String> texts(JsonNode json, String key) {
    List<String> texts = new ArrayList<>();
    json.path(key).forEach(value -> texts.add(value.asString()));
    return texts;
  }
}
