package dev.aidp.cli.command;

import dev.aidp.cli.job.JobRequest;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.ProviderChoice;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Queueing;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.Approval;
import dev.aidp.cli.workflow.StepPrompt;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.db.queue.AnswerStep;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadWorkflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    QueuedSteps queued = new QueuedSteps(session, options, queueing.workspace(), progress.name());
    return switch (word) {
      case "next" -> queued.finish(List.of(next()), false);
      case "all" -> queued.finish(all(), true);
      default -> queued.finish(List.of(step(progress.find(word))), false);
    };
  }

  /// Does a rejected step again, and lets what waited for it wait for that.
  ///
  /// @return the exit code
  int rerun(String step) throws InterruptedException {
    StepState rejected = progress.find(step);
    long id = enqueue(rejected, progress.activeBefore(rejected));
    long old = rejected.lastJobId();
    session
        .database()
        .call(connection -> {
          AnswerStep.handOver(connection, old, id);
          return id;
        });
    return new QueuedSteps(session, options, queueing.workspace(), progress.name())
        .finish(List.of(id), false);
  }

  private long next() {
    for (StepState state : progress.steps()) {
      if (state.approval() == Approval.ASKED) {
        throw unanswered(state);
      }
      if (state.isNext()) {
        return queue(state, progress.activeBefore(state));
      }
    }
    throw nothingLeft();
  }

  private static AidpException unanswered(StepState state) {
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "The step %s waits for your approval".formatted(state.step().id()),
        "Read %s, then type `%s`, or `aidp reject %s --comment TEXT`"
            .formatted(
                String.join(", ", state.step().outputs()),
                state.approveCommand(),
                state.display()));
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

  /// Each on top of the one before, up to and including the one before the next approval; those
  /// that are done or under way stay as they are.
  private List<Long> all() {
    List<Long> queued = new ArrayList<>();
    List<Long> needs = new ArrayList<>();
    for (StepState state : progress.steps()) {
      ReadWorkflow.Step latest = state.latest();
      if (latest != null && state.active()) {
        needs = List.of(latest.jobId());
      } else if (state.isNext()) {
        boolean anew = latest == null || state.approval() == Approval.REJECTED;
        long id = anew ? enqueueAfter(state, needs) : queue(state, List.of());
        queued.add(id);
        needs = List.of(id);
      }
      if (state.step().approval() && !state.done()) {
        if (queued.isEmpty()) {
          throw state.active() ? underWay(state) : unanswered(state);
        }
        return queued;
      }
    }
    if (queued.isEmpty()) {
      throw nothingLeft();
    }
    return queued;
  }

  private static AidpException underWay(StepState state) {
    ReadWorkflow.Step latest = state.latest();
    long id = latest == null ? 0 : latest.jobId();
    return new AidpException(
        ErrorCategory.NOT_FOUND,
        "The step %s is under way, and what comes after it needs your approval"
            .formatted(state.step().id()),
        "Type `aidp jobs wait %d`, then `%s`".formatted(id, state.approveCommand()));
  }

  /// A new job, or the retry of the one that came to nothing.
  private long queue(StepState state, List<StepState> active) {
    ReadWorkflow.Step latest = state.latest();
    boolean again =
        latest != null
            && (latest.status() == JobStatus.FAILED || latest.status() == JobStatus.INTERRUPTED);
    // A retry would not wait for an approval.
    if (latest == null || !again || active.stream().anyMatch(one -> one.step().approval())) {
      return enqueue(state, active);
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

  private long enqueue(StepState state, List<StepState> active) {
    List<String> approvals =
        active.stream()
            .filter(one -> one.step().approval())
            .map(one -> "approval of %s (%s)".formatted(one.step().id(), one.approveCommand()))
            .toList();
    return queueing.queue(request(state, ids(active)), approvals).jobId();
  }

  private long enqueueAfter(StepState state, List<Long> needs) {
    return queueing.queue(request(state, needs)).jobId();
  }

  private static List<Long> ids(List<StepState> states) {
    return states.stream().map(StepState::lastJobId).toList();
  }

  private JobRequest request(StepState state, List<Long> needs) {
    String provider = providerOfRejected(state);
    requireAgent(provider);
    return prompts.request(state, provider, needs);
  }

  /// Who has done it the first time does it again, unless the options say otherwise.
  private @Nullable String providerOfRejected(StepState state) {
    if (options.provider() != null || state.approval() != Approval.REJECTED) {
      return null;
    }
    return session
        .database()
        .call(connection -> ReadJobs.byId(connection, state.lastJobId()))
        .map(Job::provider)
        .orElse(null);
  }

  /// A command would be given a text to run.
  private void requireAgent(@Nullable String chosen) {
    String provider = chosen;
    if (provider == null) {
      provider =
          ProviderChoice.choose(
              options.provider(), session, queueing.workspace().configuration().settings());
    }
    if (ProviderKind.of(provider) != ProviderKind.AGENT) {
      throw new Usage(
          "a step needs an agent, and " + provider + " is none",
          "Choose one with --provider; `aidp detect` shows what there is");
    }
  }
}
