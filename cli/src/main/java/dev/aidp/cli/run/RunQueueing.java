package dev.aidp.cli.run;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.JobRequest;
import dev.aidp.cli.job.KeptEnvironment;
import dev.aidp.cli.job.Names;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Queueing;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.pipeline.Pipeline;
import dev.aidp.core.pipeline.PipelineJson;
import dev.aidp.core.run.RunSpec;
import dev.aidp.core.secret.SecretMask;
import dev.aidp.db.queue.EnqueueRun;
import dev.aidp.db.queue.EnqueueRun.Enqueued;
import dev.aidp.worker.provider.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// Queues a run, tells the user, sees to a worker, and waits if that is wanted.
public final class RunQueueing {
  private final Session session;
  private final QueueOptions options;
  private final Queueing queueing;
  private @Nullable SecretMask secrets;

  public RunQueueing(Session session, QueueOptions options) {
    this.session = session;
    this.options = options;
    this.queueing = new Queueing(session, options);
  }

  public Path workspace() {
    return queueing.workspace().directory();
  }

  /// Who would do the work of an agent.
  public String providerOf(Node.Agent agent) {
    return model(agent.provider()).work().provider();
  }

  /// What is to be run.
  ///
  /// @param path of its file; null for one that ships with aidp
  /// @param prompt null if it uses none
  public record Request(Pipeline pipeline, @Nullable Path path, @Nullable String prompt) {}

  /// @param view takes what happens, where it is waited for
  /// @param waits whether to wait, with `--wait` or without
  /// @return the exit code
  public int run(Request request, RunWaiting.View view, boolean waits) throws InterruptedException {
    Enqueued enqueued = queue(request);
    Console console = session.console();
    UUID runId = enqueued.runId();
    if (waits) {
      console.note(runId.toString());
    } else if (options.json()) {
      ArrayNode ids = Json.array();
      enqueued.jobIds().forEach(id -> ids.add((long) id));
      Json.print(console, Json.object().put("runId", runId.toString()).set("jobIds", ids));
    } else {
      console.out().println(runId);
    }
    console.out().flush();
    BackgroundWorker.of(session, !options.noWorker()).ensureFor(enqueued.jobIds());
    JobFiles.follow(session, enqueued.jobIds().subList(0, 1));
    if (waits) {
      return new RunWaiting(session, !options.noWorker()).await(runId, view, options.json());
    }
    if (!options.json()) {
      console.note("Follow it: aidp runs show " + RunWaiting.shortened(runId));
    }
    return 0;
  }

  private Enqueued queue(Request request) {
    RunSpec spec = spec(request);
    Enqueued enqueued = session.database().call(connection -> EnqueueRun.enqueue(connection, spec));
    if (enqueued.created()) {
      Operations.log(
          session,
          "queued",
          enqueued.jobIds().getFirst(),
          Map.of("run", enqueued.runId().toString()));
    } else if (!enqueued.sameContent()) {
      session
          .console()
          .warn(
              "the key "
                  + spec.key()
                  + " belongs to run "
                  + enqueued.runId()
                  + ", which asks for something else; nothing was queued");
    }
    return enqueued;
  }

  private RunSpec spec(Request request) {
    Pipeline pipeline = request.pipeline();
    Map<String, JobSpec> models = new HashMap<>();
    List<RunSpec.Node> nodes = new ArrayList<>();
    for (Node node : inOrder(pipeline)) {
      String provider = provider(node);
      JobSpec model =
          models.computeIfAbsent(provider == null ? "" : provider, _ -> model(provider));
      nodes.add(
          new RunSpec.Node(job(pipeline, node, model), PipelineJson.write(node), node.needs()));
    }
    Path path = request.path();
    return new RunSpec(
        UUID.randomUUID(),
        pipeline.name(),
        path == null ? null : path.toString(),
        pipeline.description(),
        PipelineJson.write(pipeline),
        request.prompt(),
        nodes.getFirst().job().place(),
        options.key(),
        nodes);
  }

  /// Each node after those that it needs, else as in the file.
  private static List<Node> inOrder(Pipeline pipeline) {
    List<Node> ordered = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    List<Node> rest = new ArrayList<>(pipeline.nodes());
    while (!rest.isEmpty()) {
      List<Node> later = new ArrayList<>();
      for (Node node : rest) {
        if (placed.containsAll(node.needs())) {
          ordered.add(node);
          placed.add(node.id());
        } else {
          later.add(node);
        }
      }
      rest = later;
    }
    return ordered;
  }

  /// @return null: the options and the configuration decide
  private static @Nullable String provider(Node node) {
    return switch (node) {
      case Node.Agent agent -> agent.provider();
      case Node.Task _ -> "task";
      case Node.Gate _ -> "gate";
      case Node.Approval _ -> "approval";
    };
  }

  /// What all jobs of a provider have in common.
  private JobSpec model(@Nullable String provider) {
    return new JobRequest(
            "node", "node", provider, "node", List.of(), List.of(), null, List.of(), Map.of())
        .toSpec(session, options, queueing.workspace());
  }

  private JobSpec job(Pipeline pipeline, Node node, JobSpec model) {
    String text = text(node);
    String shown = secrets().mask(text);
    JobSpec.Work work = model.work();
    JobSpec.Limits limits = model.limits();
    Node.Agent agent = node instanceof Node.Agent it ? it : null;
    String modelName = agent == null || agent.model() == null ? work.model() : agent.model();
    AgentOptions agentOptions =
        agent == null || agent.tools().isEmpty() ? work.agent() : keptTo(agent.tools(), work);
    Providers.refusal(work.provider(), modelName, agentOptions)
        .ifPresent(reason -> {
          throw new Usage("node " + node.id() + ": " + reason, "Choose another provider for it");
        });
    Integer maxAttempts = node.options().maxAttempts();
    return new JobSpec(
        Names.ofText(pipeline.name() + "/" + node.id()),
        node.id(),
        null,
        new JobSpec.Work(
            work.provider(),
            modelName,
            text,
            List.of(),
            agent == null || agent.permissions() == null
                ? work.permissions()
                : Objects.requireNonNull(agent.permissions()),
            node.options().outputs(),
            work.environmentId(),
            shown.equals(text) ? null : shown,
            agent == null || agent.provider() == null ? work.fallback() : List.of(),
            agentOptions),
        model.place(),
        new JobSpec.Limits(
            maxAttempts == null ? limits.maxAttempts() : maxAttempts,
            limits.maxCrashes(),
            timeout(node, limits),
            limits.stallTimeout(),
            limits.rerun(),
            limits.budgets()),
        model.schedule(),
        null,
        List.of(),
        model.metadata());
  }

  private static AgentOptions keptTo(List<String> tools, JobSpec.Work work) {
    return new AgentOptions(tools, work.agent().maxTurns(), work.agent().arguments());
  }

  private SecretMask secrets() {
    SecretMask known = secrets;
    if (known == null) {
      known =
          SecretMask.of(
              KeptEnvironment.of(session, queueing.workspace().configuration().settings()));
      secrets = known;
    }
    return known;
  }

  /// An approval waits for a person, and takes no time of its own.
  private static @Nullable Duration timeout(Node node, JobSpec.Limits limits) {
    if (node instanceof Node.Approval) {
      return null;
    }
    Duration own = node.options().timeout();
    return own == null ? limits.timeout() : own;
  }

  /// What a table shows of it, before its templates are rendered.
  private static String text(Node node) {
    String text =
        switch (node) {
          case Node.Agent agent -> agent.prompt();
          case Node.Task task -> task.command();
          case Node.Gate gate -> gate.command();
          case Node.Approval approval -> approval.message();
        };
    return text == null || text.isEmpty() ? node.id() : text;
  }
}
