package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.ProviderChoice;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Queueing;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepPrompt;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;

/// Queues steps of a workflow.
final class WorkflowRun {
  private final Session session;
  private final QueueOptions options;
  private final Queueing queueing;
  private final WorkflowProgress progress;
  private final StepPrompt prompts;

  WorkflowRun(Session session, QueueOptions options, String workflow) {
    if (options.key() != null) {
      throw new Usage(
          "a step takes no --key", "Its progress keeps it from being queued twice anyway");
    }
    this.session = session;
    this.options = options;
    this.queueing = new Queueing(session, options);
    this.progress = WorkflowProgress.of(session, queueing.workspace(), workflow);
    this.prompts = new StepPrompt(progress, queueing.workspace().directory());
  }

  /// @param word next, all, or a step
  /// @return the exit code
  int run(String word) throws InterruptedException {
    List<Long> queued =
        switch (word) {
          case "next" -> List.of(next());
          case "all" -> all();
          default -> List.of(step(progress.find(word)));
        };
    return finish(queued);
  }

  private long next() {
    StepState state = progress.next().orElseThrow(this::nothingLeft);
    return queue(state, progress.activeBefore(state));
  }

  private AidpException nothingLeft() {
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "The workflow " + progress.name() + " has no step left to queue",
        "See `aidp %1$s`; `aidp %1$s STEP` runs a step again".formatted(progress.name()));
  }

  private long step(StepState state) {
    ReadWorkflow.Step latest = state.latest();
    if (latest != null && state.active()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "The step "
              + state.step().id()
              + " is "
              + latest.status().word()
              + " already, as job "
              + latest.jobId(),
          "Type `aidp jobs wait " + latest.jobId() + "`");
    }
    return enqueue(state, progress.activeBefore(state));
  }

  /// Each on top of the one before; those that are done or under way stay as they are.
  private List<Long> all() {
    List<Long> queued = new ArrayList<>();
    List<Long> needs = new ArrayList<>();
    for (StepState state : progress.steps()) {
      ReadWorkflow.Step latest = state.latest();
      if (latest != null && state.active()) {
        needs = List.of(latest.jobId());
      } else if (latest == null || latest.status() != JobStatus.COMPLETED) {
        long id = queue(state, needs);
        queued.add(id);
        needs = List.of(id);
      }
    }
    if (queued.isEmpty()) {
      throw nothingLeft();
    }
    return queued;
  }

  /// A new job, or the retry of the one that came to nothing.
  private long queue(StepState state, List<Long> needs) {
    ReadWorkflow.Step latest = state.latest();
    if (latest == null) {
      return enqueue(state, needs);
    }
    long id = latest.jobId();
    session
        .database()
        .call(connection -> {
          RetryJob.retry(connection, id, RetryJob.From.SCRATCH);
          return id;
        });
    Operations.log(session, "retried", id, Map.of());
    return id;
  }

  private long enqueue(StepState state, List<Long> needs) {
    requireAgent();
    return queueing.queue(prompts.request(state, needs)).jobId();
  }

  /// A command would be given a text to run.
  private void requireAgent() {
    String provider =
        ProviderChoice.choose(
            options.provider(), session, queueing.workspace().configuration().settings());
    if (ProviderKind.of(provider) != ProviderKind.AGENT) {
      throw new Usage(
          "a step needs an agent, and " + provider + " is none",
          "Choose one with --provider; `aidp detect` shows what there is");
    }
  }

  private int finish(List<Long> ids) throws InterruptedException {
    Console console = session.console();
    if (options.waits()) {
      ids.forEach(id -> console.note(Long.toString(id)));
    } else if (options.json()) {
      print(ids);
    } else {
      ids.forEach(id -> console.out().println((long) id));
    }
    console.out().flush();
    BackgroundWorker.of(session, !options.noWorker()).ensureFor(ids);
    JobFiles.follow(session, ids);
    if (!options.waits()) {
      if (!options.json()) {
        console.note("Follow it: aidp jobs logs -f " + ids.getFirst());
      }
      return 0;
    }
    Waiting waiting = new Waiting(session, !options.noWorker());
    return ids.size() == 1
        ? waiting.forOne(ids.getFirst(), options.json())
        : waiting.forAll(ids, null, options.json());
  }

  private void print(List<Long> ids) {
    if (ids.size() > 1) {
      ArrayNode array = Json.array();
      ids.forEach(id -> array.add((long) id));
      Json.print(session.console(), Json.object().set("jobIds", array));
      return;
    }
    long id = ids.getFirst();
    String run =
        session
            .database()
            .call(connection -> ReadJobs.byId(connection, id))
            .map(job -> job.runId().toString())
            .orElse(null);
    Json.print(
        session.console(),
        Json.object().put("jobId", id).put("runId", Objects.requireNonNull(run, "run")));
  }
}
