package dev.aidp.worker.engine;

import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.outcome.RetryPolicy;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.EarlierExecution;
import dev.aidp.db.queue.FinishJobs;
import dev.aidp.db.queue.MarkBegun;
import dev.aidp.db.queue.ReadEarlierExecution;
import dev.aidp.db.queue.ReadSessionUsage;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.StopSignal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs one claimed job from its claim to its end in the database. An attempt reads top to bottom
/// in [#run].
final class Executor {
  private final WorkerContext worker;
  private final Completer completer;
  private final LogWriter logWriter;
  private final RetryPolicy retryPolicy;
  private final Fallback fallback;
  private final SpendingGate spendingGate;
  private final WorktreeKeeper worktrees;

  Executor(
      WorkerContext worker,
      Completer completer,
      LogWriter logWriter,
      RetryPolicy retryPolicy,
      Fallback fallback) {
    this.worker = worker;
    this.completer = completer;
    this.logWriter = logWriter;
    this.retryPolicy = retryPolicy;
    this.fallback = fallback;
    this.spendingGate = new SpendingGate(worker);
    this.worktrees = new WorktreeKeeper(worker);
  }

  /// Begins the execution on a thread of its own.
  ///
  /// @param ended called when its end is stored or refused
  void start(RunningExecution execution, Runnable ended) {
    Thread.ofVirtual()
        .name("aidp-execution-" + execution.job().lease().executionId())
        .start(() -> run(execution, ended));
  }

  private void run(RunningExecution execution, Runnable ended) {
    ClaimedJob job = execution.job();
    Begun begun = new Begun();
    try {
      Outcome outcome = attempt(execution, begun);
      execution.stop().settle();
      outcome = priced(execution, afterStop(execution, outcome));
      outcome = outcome.withTexts(execution.log()::masked);
      if (outcome instanceof Outcome.Completed) {
        execution.log().answered();
      }
      Alternative alternative = fallback.after(execution, outcome);
      execution.log().seal();
      if (execution.log().hasPending()) {
        worker.running().awaitStored(execution.log(), logWriter::ring);
      }
      if (execution.stop().cause() == StopSignal.Cause.LEASE_LOST) {
        forget(execution, ended);
        return;
      }
      boolean sessionKnown =
          outcome.figures().sessionId() != null
              || execution.log().sessionId() != null
              || job.sessionId() != null;
      Transition transition = retryPolicy.decide(job.standing(begun.yes, sessionKnown), outcome);
      if (transition.job().ended()) {
        worktrees.leave(job);
      }
      complete(
          execution,
          new FinishJobs.Ended(job.lease(), transition, outcome.figures(), null, alternative),
          ended);
    } catch (InterruptedException e) {
      forget(execution, ended);
    } catch (RuntimeException | Error e) {
      // A defect: the lease keeper gives the job back, and the slot is not lost with it.
      worker.report("execution " + job.lease().executionId() + " could not be ended", e);
      forget(execution, ended);
    }
  }

  /// Whether a process of the job may have done something.
  private static final class Begun {
    private boolean yes;
  }

  private Outcome attempt(RunningExecution execution, Begun begun) throws InterruptedException {
    ClaimedJob job = execution.job();
    Provider provider = worker.provider(job.provider());
    if (provider == null) {
      return failed(ErrorClass.CONFIG, "this worker does not know the provider " + job.provider());
    }
    Workspaces.Resolved workspace = worktrees.enter(execution);
    if (workspace.error() != null) {
      return failed(ErrorClass.CONFIG, workspace.error());
    }
    Outcome refusal = spendingGate.refusal(execution, workspace.directory());
    if (refusal != null) {
      return refusal;
    }
    Attempt.Session session = session(job, provider);
    if (!markBegun(job, session.chosenId(), begun)) {
      execution.stop().request(StopSignal.Cause.LEASE_LOST);
      return failed(ErrorClass.WORKER_LOST, "the lease was lost");
    }
    if (session.chosenId() != null) {
      execution.log().session(session.chosenId());
    }
    EarlierExecution earlier = session.earlier();
    if (earlier != null) {
      sayContinued(execution, earlier);
    }
    try (Watchdog _ = Watchdog.over(execution, worker.scheduler())) {
      Outcome outcome = provider.run(attemptOf(execution, session, workspace.directory()));
      return StepOutputs.check(workspace.directory(), job.options().outputs(), outcome);
    } catch (RuntimeException | Error e) {
      worker.report("execution " + job.lease().executionId() + " failed unexpectedly", e);
      return failed(ErrorClass.UNKNOWN, "internal error: " + e);
    }
  }

  /// With usage and cost as far as they can be told.
  private static Outcome priced(RunningExecution execution, Outcome outcome) {
    Spending spending = execution.log().spending();
    Figures figures = spending.completed(outcome.figures());
    if (figures.costUsd() == null && !figures.usage().equals(Usage.NONE)) {
      execution.log().log(LogLevel.WARN, LogCategory.SYSTEM, spending.unknownPrice(), Map.of());
    }
    return outcome.withFigures(figures);
  }

  /// What is known of the session before the execution begins.
  private Attempt.Session session(ClaimedJob job, Provider provider) throws InterruptedException {
    if (ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
      return Attempt.Session.NONE;
    }
    String known = job.sessionId();
    if (known == null) {
      return new Attempt.Session(provider.newSessionId(), Usage.NONE, null);
    }
    long jobId = job.lease().jobId();
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.repeat(connection ->
          new Attempt.Session(
              null,
              ReadSessionUsage.of(connection, jobId, known),
              ReadEarlierExecution.before(connection, jobId, job.execution()).orElse(null)));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      worker.reportDatabase("reading of an earlier session", e);
      return Attempt.Session.NONE;
    }
  }

  private static void sayContinued(RunningExecution execution, EarlierExecution earlier) {
    String running = earlier.running();
    execution.log().log(
        LogLevel.INFO,
        LogCategory.SYSTEM,
        "continues the session of an execution that ended at %s: %s"
            .formatted(
                Timestamps.format(earlier.endedAt()), SafeText.oneLine(earlier.why().strip())),
        running == null
            ? Map.of("sessionId", String.valueOf(execution.job().sessionId()))
            : Map.of("sessionId", String.valueOf(execution.job().sessionId()), "running", running));
  }

  private Attempt attemptOf(RunningExecution execution, Attempt.Session session, Path directory) {
    ClaimedJob job = execution.job();
    Map<String, String> environment = worker.environmentOf(job, execution.log());
    execution.log().mask(worker.secretsOf(environment));
    return new Attempt(
        job,
        session,
        directory,
        environment,
        execution.log(),
        execution.stop(),
        new SupervisedRunner(
            worker.supervisor(),
            worker.databaseId(),
            execution.log(),
            execution.stop(),
            worker.options().timing().stopGrace()),
        execution.log().spending().leftUsd());
  }

  /// An agent that crashed after it had begun, without a session, must not simply be run again.
  private boolean markBegun(ClaimedJob job, @Nullable String sessionId, Begun begun)
      throws InterruptedException {
    begun.yes = true;
    if (ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
      return true;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.repeat(
          (Connection connection) -> MarkBegun.mark(connection, job.lease(), sessionId));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      return false;
    }
  }

  /// What was asked for from outside decides how the execution ended, unless it had done its work.
  private Outcome afterStop(RunningExecution execution, Outcome outcome) {
    StopSignal.Cause cause = execution.stop().cause();
    ClaimedJob job = execution.job();
    boolean agent = ProviderKind.of(job.provider()) == ProviderKind.AGENT;
    if (cause == null || (agent && outcome instanceof Outcome.Completed)) {
      return outcome;
    }
    Figures figures = outcome.figures();
    return switch (cause) {
      case CANCELLED -> new Outcome.Interrupted(Outcome.Cause.CANCELLED, "cancelled", figures);
      case SHUTDOWN ->
          new Outcome.Interrupted(Outcome.Cause.SHUTDOWN, "the worker was stopped", figures);
      case LEASE_LOST -> outcome;
      case BUDGET ->
          new Outcome.Failed(ErrorClass.BUDGET, reached(execution), null, false, figures);
      case TIMEOUT ->
          new Outcome.Failed(
              ErrorClass.TIMEOUT,
              "timed out after " + shown(job.effectiveTimeout()),
              null,
              false,
              figures);
      case STALLED ->
          new Outcome.Failed(
              ErrorClass.STALLED,
              "no output for " + shown(job.effectiveStallTimeout()),
              null,
              false,
              figures);
    };
  }

  private static String reached(RunningExecution execution) {
    String reached = execution.log().spending().reached();
    return reached == null ? "its budget" : reached;
  }

  private static String shown(@Nullable Duration duration) {
    return duration == null ? "its limit" : Durations.format(duration);
  }

  private void complete(RunningExecution execution, FinishJobs.Ended end, Runnable ended) {
    completer.submit(
        new Completer.Completion(
            end,
            result -> {
              worker.running().remove(execution.job().lease().executionId());
              worker.ended(execution.job(), end.transition(), result);
              ended.run();
            }));
  }

  /// The lease is not ours any more, or the worker stops without the database.
  private void forget(RunningExecution execution, Runnable ended) {
    execution.log().discard();
    worker.running().remove(execution.job().lease().executionId());
    worker.lost(execution.job());
    ended.run();
  }

  private static Outcome failed(ErrorClass errorClass, @Nullable String error) {
    return new Outcome.Failed(
        errorClass, error == null ? "unknown" : error, null, false, Figures.NONE);
  }
}
