package dev.aidp.worker.node;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.pipeline.PipelineJson;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.template.Reference;
import dev.aidp.core.template.Scope;
import dev.aidp.core.template.Template;
import dev.aidp.core.template.TemplateException;
import dev.aidp.core.template.ValueText;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.read.ReadNodeInputs;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.ShellProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs one execution of a node: its inputs, whether it is to run at all, its list, and then the
/// agent, the command or the question. Reads top to bottom in [#run].
public final class NodeRunner {
  /// The providers that run nodes and nothing else; those of agents are shared with single jobs.
  public static final Set<String> PROVIDERS = Set.of("task", "gate", "approval");

  /// A list from an agent can be of any length.
  private static final int MAX_ITEMS = 10_000;

  private final Attempt attempt;
  private final @Nullable Provider provider;
  private final NodeDatabase database;

  /// @param provider of an agent; null for the providers of nodes
  public NodeRunner(Attempt attempt, @Nullable Provider provider, NodeDatabase database) {
    this.attempt = attempt;
    this.provider = provider;
    this.database = database;
  }

  /// Whether a job is for this class, and not for its provider alone.
  ///
  /// @param provider null: the worker has none of its name
  public static boolean isFor(ClaimedJob job, @Nullable Provider provider) {
    return job.options().node() != null || (provider == null && PROVIDERS.contains(job.provider()));
  }

  public NodeEnded run() throws InterruptedException, NodeDatabase.Gone {
    String definition = attempt.job().options().node();
    try {
      return definition == null ? alone() : run(PipelineJson.readNode(definition));
    } catch (TemplateException | IllegalArgumentException e) {
      return new NodeFailure(ErrorClass.CONFIG, String.valueOf(e.getMessage())).ended();
    } catch (NodeFailure e) {
      return e.ended();
    }
  }

  /// A job of such a provider that no pipeline has queued.
  private NodeEnded alone() throws InterruptedException {
    String prompt = attempt.job().prompt();
    return attempt.job().provider().equals("approval")
        ? asked(prompt)
        : new NodeEnded.Finished(ShellProvider.bash(attempt, prompt), null);
  }

  private NodeEnded run(Node node) throws InterruptedException, NodeDatabase.Gone, NodeFailure {
    Scope scope = NodeInputs.read(node, attempt.job(), database);
    Node.Fan fan = node.options().fan();
    boolean fansOut = fan != null && attempt.job().options().item() == null;
    Optional<List<String>> items =
        fansOut
            ? database.read(
                connection -> ReadNodeInputs.items(connection, attempt.job().lease().jobId()))
            : Optional.empty();
    if (items.isPresent()) {
      return completed(new NodeEnd.Output(array(items.get()), false, null, List.of()), null);
    }
    if (isSkipped(node, scope, fansOut)) {
      return completed(new NodeEnd.Output("\"\"", true, null, List.of()), "");
    }
    if (fan != null && fansOut) {
      return fanOut(fan, scope);
    }
    return switch (node) {
      case Node.Agent agent -> new AgentNode(agent, scope, attempt, provider, database).run();
      case Node.Task task -> new CommandNode(task, task.command(), scope, attempt).run();
      case Node.Gate gate -> gate(gate, scope);
      case Node.Approval approval -> {
        String message = approval.message();
        yield asked(message == null ? null : Template.parse(message).text(scope));
      }
    };
  }

  /// A condition on `{{item}}` is for each item, any other one for the node.
  private boolean isSkipped(Node node, Scope scope, boolean fansOut) {
    String when = node.head().when();
    if (when == null) {
      return false;
    }
    Template template = Template.parse(when);
    boolean ofItems =
        template.references().stream().map(Reference::name).anyMatch(name -> name.equals("item"));
    if (fansOut && ofItems) {
      return false;
    }
    JsonNode value = template.value(scope);
    boolean skipped = value == null || !ValueText.isTrue(value);
    if (skipped) {
      attempt
          .events()
          .log(
              LogLevel.INFO,
              LogCategory.NODE,
              "Skipped: its condition " + when + " does not hold",
              Map.of("skipped", true));
    }
    return skipped;
  }

  private NodeEnded fanOut(Node.Fan fan, Scope scope) throws NodeFailure {
    List<String> items = new ArrayList<>();
    for (String source : fan.sources()) {
      Template template = Template.parse(source);
      JsonNode value = template.value(scope);
      if (value == null) {
        continue;
      }
      if (value.isArray()) {
        value.forEach(element -> items.add(element.toString()));
      } else if (template.isReference() && value.isString()) {
        value
            .asString()
            .lines()
            .filter(line -> !line.isBlank())
            .forEach(line -> items.add(NodeInputs.JSON.writeValueAsString(line)));
      } else {
        items.add(value.toString());
      }
    }
    if (items.size() > MAX_ITEMS) {
      throw new NodeFailure(
          ErrorClass.CONFIG,
          "for_each has %d items; %d is the most".formatted(items.size(), MAX_ITEMS));
    }
    attempt
        .events()
        .log(
            LogLevel.INFO,
            LogCategory.NODE,
            items.size() == 1 ? "1 item" : items.size() + " items",
            Map.of("items", items.size(), "maxParallel", fan.maxParallel()));
    if (items.isEmpty()) {
      return completed(new NodeEnd.Output("[]", false, null, List.of()), "[]");
    }
    return new NodeEnded.Waits("needs its items", new NodeEnd.FanOut(items, fan.maxParallel()));
  }

  private NodeEnded gate(Node.Gate gate, Scope scope) throws InterruptedException, NodeFailure {
    String template = gate.message();
    String message = template == null ? null : Template.parse(template).text(scope);
    NodeEnded ended = new CommandNode(gate, gate.command(), scope, attempt).run();
    if (message != null
        && ended instanceof NodeEnded.Finished(Outcome.Failed failed, _)
        && failed.errorClass() == ErrorClass.COMMAND_FAILED) {
      attempt
          .events()
          .log(LogLevel.ERROR, LogCategory.NODE, failed.error(), Map.of("gate", message));
      return new NodeEnded.Finished(
          new Outcome.Failed(
              failed.errorClass(),
              message,
              failed.retryAfter(),
              failed.repeatable(),
              failed.figures()),
          null);
    }
    return ended;
  }

  private NodeEnded asked(@Nullable String message) {
    long jobId = attempt.job().lease().jobId();
    attempt
        .events()
        .log(
            LogLevel.INFO,
            LogCategory.NODE,
            "Waits for an answer: aidp approve " + jobId + ", or aidp reject " + jobId,
            message == null ? Map.of() : Map.of("message", message));
    return new NodeEnded.Waits("approval (aidp approve " + jobId + ")", new NodeEnd.Asked(message));
  }

  private static NodeEnded completed(NodeEnd.Output output, @Nullable String result) {
    return new NodeEnded.Finished(
        new Outcome.Completed(
            new Figures(
                null, result == null ? output.json() : result, null, Usage.NONE, null, false)),
        output);
  }

  private static String array(List<String> values) {
    return "[" + String.join(",", values) + "]";
  }
}
