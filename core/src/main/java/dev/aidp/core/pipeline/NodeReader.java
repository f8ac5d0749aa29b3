package dev.aidp.core.pipeline;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.pipeline.Node.Agent;
import dev.aidp.core.pipeline.Node.Approval;
import dev.aidp.core.pipeline.Node.Fan;
import dev.aidp.core.pipeline.Node.Gate;
import dev.aidp.core.pipeline.Node.Head;
import dev.aidp.core.pipeline.Node.Options;
import dev.aidp.core.pipeline.Node.Task;
import dev.aidp.core.pipeline.Node.TrackChanges;
import dev.aidp.core.pipeline.NodeDraft.Need;
import dev.aidp.core.pipeline.NodeDraft.Text;
import dev.aidp.core.pipeline.NodeDraft.Use;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.yaml.Position;
import dev.aidp.core.yaml.Problem;
import dev.aidp.core.yaml.YamlValue;
import dev.aidp.core.yaml.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one node of a file.
final class NodeReader {
  private static final int MAX_ATTEMPTS = 1_000_000;
  private static final int MAX_PARALLEL = 1_000;

  private final Fields fields;
  private final List<Problem> problems;
  private final List<Text> texts = new ArrayList<>();

  private NodeReader(Fields fields, List<Problem> problems) {
    this.fields = fields;
    this.problems = problems;
  }

  /// All nodes; without any `needs` each needs the one before it.
  static List<NodeDraft> read(List<YamlValue> values, List<Problem> problems) {
    List<Fields> nodes = new ArrayList<>();
    for (YamlValue value : values) {
      Fields fields = Fields.of(value, "a node", problems);
      if (fields != null) {
        nodes.add(fields.ofNode());
      }
    }
    boolean graph = nodes.stream().anyMatch(node -> node.has("needs"));
    List<NodeDraft> drafts = new ArrayList<>();
    for (Fields node : nodes) {
      String before = graph || drafts.isEmpty() ? null : drafts.getLast().id();
      drafts.add(new NodeReader(node, problems).draft(before));
    }
    return drafts;
  }

  private NodeDraft draft(@Nullable String before) {
    int problemsBefore = problems.size();
    String type = fields.choice("type", NodeKeys.types());
    if (!fields.has("type")) {
      fields.problem(
          fields.position(),
          "a node needs 'type'",
          "write type: " + String.join(", ", NodeKeys.types()));
    }
    fields.allow(type == null ? NodeKeys.all() : NodeKeys.of(type));
    Scalar idText = fields.required("id", "write id: NAME");
    String id = id(idText);
    List<Need> needs = needs(before, idText);
    Scalar when = template("when", Use.NODE);
    String description = fields.text("description");
    boolean fansOut = fields.has("for_each");
    // Read though the id is wrong, for all its problems to be found.
    Head head =
        new Head(
            id == null ? "unnamed" : id,
            description,
            needs.stream().map(Need::id).distinct().toList(),
            when == null ? null : when.text());
    Node node = type == null ? null : node(type, head);
    return new NodeDraft(
        id, at(idText), needs, texts, fansOut, problems.size() == problemsBefore ? node : null);
  }

  private Position at(@Nullable Scalar id) {
    return id == null ? fields.position() : id.position();
  }

  private @Nullable String id(@Nullable Scalar scalar) {
    if (scalar == null) {
      return null;
    }
    String id = scalar.text();
    if (!NodeIds.isWellFormed(id)) {
      fields.problem(
          scalar.position(),
          "'" + SafeText.oneLine(id) + "' is no id",
          "begin with a letter; then letters, digits, _ and -");
      return null;
    }
    if (NodeIds.RESERVED.contains(id)) {
      fields.problem(
          scalar.position(),
          "'" + id + "' is reserved: templates have it for something else",
          "call the node by another name");
      return null;
    }
    return id;
  }

  private List<Need> needs(@Nullable String before, @Nullable Scalar id) {
    if (fields.has("needs")) {
      return fields.scalars("needs").stream()
          .map(need -> new Need(need.text(), need.position()))
          .toList();
    }
    return before == null ? List.of() : List.of(new Need(before, at(id)));
  }

  private @Nullable Node node(String type, Head head) {
    return switch (type) {
      case "agent" -> agent(head);
      case "task" -> {
        Scalar command = command();
        Options options = options();
        yield command == null ? null : new Task(head, options, command.text());
      }
      case "gate" -> {
        Scalar command = command();
        Scalar message = template("message", Use.JOB);
        Options options = options();
        yield command == null
            ? null
            : new Gate(head, options, command.text(), message == null ? null : message.text());
      }
      default -> {
        Scalar message = template("message", Use.NODE);
        yield new Approval(head, message == null ? null : message.text());
      }
    };
  }

  private @Nullable Scalar command() {
    return used(
        fields.required("command", "write the command that it runs"), "command", Use.COMMAND);
  }

  private @Nullable Agent agent(Head head) {
    Scalar prompt =
        used(
            fields.required("prompt", "write what the agent shall do, or \"{{prompt}}\""),
            "prompt",
            Use.JOB);
    String provider = fields.line("provider");
    Scalar providerText = fields.scalar("provider");
    if (providerText != null && ProviderKind.of(providerText.text()) == ProviderKind.COMMAND) {
      fields.mustBe(providerText, "provider", "an agent", "for a command write type: task");
    }
    String permissions = fields.choice("permissions", List.of("read", "edit", "all"));
    OutputSchema schema = SchemaReader.read(fields, problems);
    String model = fields.line("model");
    List<String> tools = fields.texts("tools");
    Options options = options();
    return prompt == null
        ? null
        : new Agent(
            head,
            options,
            prompt.text(),
            provider,
            model,
            tools,
            permissions == null ? null : Permissions.ofWord(permissions),
            schema);
  }

  private Options options() {
    Scalar cwd = template("cwd", Use.JOB);
    Map<String, String> env = new LinkedHashMap<>();
    fields
        .variables("env")
        .forEach((name, value) -> {
          texts.add(new Text("env." + name, value, Use.JOB));
          env.put(name, value.kind() == YamlValue.Kind.NULL ? "" : value.text());
        });
    return new Options(
        cwd == null ? null : cwd.text(),
        env,
        fields.duration("timeout"),
        fields.integer("max_attempts", 1, MAX_ATTEMPTS),
        fan(),
        trackChanges(),
        outputs());
  }

  private @Nullable Fan fan() {
    Integer parallel = fields.integer("max_parallel", 1, MAX_PARALLEL);
    if (!fields.has("for_each")) {
      if (parallel != null) {
        fields.problem(
            fields.position(),
            "'max_parallel' says how many items run at once, but there is no 'for_each'",
            "add for_each, or remove it");
      }
      return null;
    }
    List<Scalar> sources =
        fields.value("for_each") instanceof Scalar single
            ? List.of(single)
            : fields.scalars("for_each");
    sources.forEach(source -> texts.add(new Text("for_each", source, Use.NODE)));
    return new Fan(
        sources.stream().map(Scalar::text).toList(),
        parallel == null ? Fan.DEFAULT_MAX_PARALLEL : parallel);
  }

  private TrackChanges trackChanges() {
    String word = fields.choice("track_changes", List.of("git", "mtime", "true", "false"));
    return switch (word) {
      case "git" -> TrackChanges.GIT;
      case "mtime" -> TrackChanges.MTIME;
      case "true" -> TrackChanges.AUTO;
      case null, default -> TrackChanges.NO;
    };
  }

  private List<String> outputs() {
    List<Scalar> outputs = fields.scalars("outputs");
    for (Scalar output : outputs) {
      List<String> steps = List.of(output.text().split("/", -1));
      if (output.text().startsWith("/") || steps.contains("..")) {
        fields.mustBe(output, "outputs", "files below the workspace", "write a relative path");
      }
    }
    return outputs.stream().map(Scalar::text).toList();
  }

  private @Nullable Scalar template(String key, Use use) {
    return used(fields.scalar(key), key, use);
  }

  private @Nullable Scalar used(@Nullable Scalar scalar, String key, Use use) {
    if (scalar != null) {
      texts.add(new Text(key, scalar, use));
    }
    return scalar;
  }
}
