package dev.aidp.cli.pipeline;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.pipeline.Node.Agent;
import dev.aidp.core.pipeline.Node.Approval;
import dev.aidp.core.pipeline.Node.Fan;
import dev.aidp.core.pipeline.Node.Gate;
import dev.aidp.core.pipeline.Node.Task;
import dev.aidp.core.pipeline.Pipeline;
import dev.aidp.core.template.Template;
import dev.aidp.core.template.Values;
import dev.aidp.core.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// What a pipeline would do: its graph, its commands and prompts. What is only known when a node
/// has run stands there as the file has it, `{{node}}`.
public final class DryRun {
  private final Pipeline pipeline;
  private final Values values;
  private final Function<Agent, String> provider;

  /// @param prompt null: it is not known
  /// @param provider who would do the work of an agent node
  public DryRun(Pipeline pipeline, @Nullable String prompt, Function<Agent, String> provider) {
    this.pipeline = pipeline;
    this.values =
        reference ->
            prompt != null && reference.name().equals("prompt") ? StringNode.valueOf(prompt) : null;
    this.provider = provider;
  }

  /// Prints it for a person.
  public void print(Console console) {
    List<String> lines = new ArrayList<>();
    String description = pipeline.description();
    lines.add(pipeline.name() + (description == null ? "" : ": " + description.strip()));
    lines.add("  " + graph());
    for (Node node : pipeline.nodes()) {
      lines.add("");
      add(lines, node);
    }
    lines.forEach(line -> console.out().println(SafeText.lines(line)));
  }

  /// The waves in which nodes can run, `a → (b, c) → d`.
  String graph() {
    List<String> waves = new ArrayList<>();
    for (List<String> wave : waves()) {
      waves.add(wave.size() == 1 ? wave.getFirst() : "(" + String.join(", ", wave) + ")");
    }
    return String.join(" → ", waves);
  }

  private List<List<String>> waves() {
    java.util.Map<String, Integer> depths = new java.util.HashMap<>();
    List<List<String>> waves = new ArrayList<>();
    List<Node> left = new ArrayList<>(pipeline.nodes());
    while (!left.isEmpty()) {
      List<Node> ready =
          left.stream().filter(node -> depths.keySet().containsAll(node.needs())).toList();
      waves.add(ready.stream().map(Node::id).toList());
      ready.forEach(node -> depths.put(node.id(), waves.size()));
      left.removeAll(ready);
    }
    return waves;
  }

  private void add(List<String> lines, Node node) {
    lines.add(node.id() + "  " + String.join(", ", facts(node)));
    if (node.head().description() != null) {
      lines.add("  " + node.head().description().strip());
    }
    node.options().env().forEach((name, value) -> lines.add("  " + name + "=" + text(value)));
    switch (node) {
      case Agent agent -> {
        text(agent.prompt()).lines().forEach(line -> lines.add("  > " + line));
        if (agent.outputSchema() != null) {
          lines.add("  answers in JSON: " + agent.outputSchema().json());
        }
      }
      case Task task -> command(lines, task.command());
      case Gate gate -> {
        command(lines, gate.command());
        if (gate.message() != null) {
          lines.add("  if it fails: " + text(gate.message()));
        }
      }
      case Approval approval -> {
        if (approval.message() != null) {
          lines.add("  asks: " + text(approval.message()));
        }
      }
    }
  }

  private List<String> facts(Node node) {
    List<String> facts = new ArrayList<>();
    facts.add(type(node));
    if (node instanceof Agent agent) {
      facts.add("by " + provider.apply(agent) + (agent.model() == null ? "" : " " + agent.model()));
    }
    if (!node.needs().isEmpty()) {
      facts.add("needs " + String.join(" ", node.needs()));
    }
    String when = node.head().when();
    if (when != null) {
      facts.add("when " + text(when));
    }
    Fan fan = node.options().fan();
    if (fan != null) {
      facts.add("for each of " + String.join(" ", fan.sources().stream().map(this::text).toList()));
      facts.add("at most " + fan.maxParallel() + " at once");
    }
    String cwd = node.options().cwd();
    if (cwd != null) {
      facts.add("in " + text(cwd));
    }
    return facts;
  }

  private void command(List<String> lines, String command) {
    List<String> written = Template.parse(command).command(values).lines().toList();
    for (int i = 0; i < written.size(); i++) {
      lines.add((i == 0 ? "  $ " : "    ") + written.get(i));
    }
  }

  private String text(String template) {
    return Template.parse(template).text(values);
  }

  private static String type(Node node) {
    return switch (node) {
      case Agent _ -> "agent";
      case Task _ -> "task";
      case Gate _ -> "gate";
      case Approval _ -> "approval";
    };
  }

  /// The same for programs: `name`, `description`, `nodes` (`id`, `type`, `needs`, `when`,
  /// `provider`, `prompt`, `command`, `message`).
  public ObjectNode json() {
    ObjectNode json =
        Json.object().put("name", pipeline.name()).put("description", pipeline.description());
    ArrayNode nodes = json.putArray("nodes");
    for (Node node : pipeline.nodes()) {
      ObjectNode one = nodes.addObject().put("id", node.id()).put("type", type(node));
      ArrayNode needs = one.putArray("needs");
      node.needs().forEach(needs::add);
      one.put("when", node.head().when() == null ? null : text(node.head().when()));
      one.put("provider", node instanceof Agent agent ? provider.apply(agent) : null);
      one.put("prompt", node instanceof Agent agent ? text(agent.prompt()) : null);
      one.put("command", shell(node));
      one.put("message", message(node));
    }
    return json;
  }

  private @Nullable String shell(Node node) {
    return switch (node) {
      case Task task -> Template.parse(task.command()).command(values);
      case Gate gate -> Template.parse(gate.command()).command(values);
      case Agent _, Approval _ -> null;
    };
  }

  private @Nullable String message(Node node) {
    String message =
        switch (node) {
          case Gate gate -> gate.message();
          case Approval approval -> approval.message();
          case Agent _, Task _ -> null;
        };
    return message == null ? null : text(message);
  }
}
