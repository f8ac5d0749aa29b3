package dev.aidp.worker.engine;

import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.outcome.RetryPolicy;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.EarlierExecution;
import dev.aidp.db.queue.FinishJobs;
import dev.aidp.db.queue.HoldWorkspace;
import dev.aidp.db.queue.MarkBegun;
import dev.aidp.db.queue.ReadEarlierExecution;
import dev.aidp.db.queue.ReadSessionUsage;
import dev.aidp.worker.node.NodeDatabase;
import dev.aidp.worker.node.NodeEnded;
import dev.aidp.worker.node.NodeRunner;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.StopSignal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
      NodeEnded result = attempt(execution, begun);
      execution.stop().settle();
      FinishJobs.Ended end = end(execution, begun, result);
      execution.log().seal();
      if (execution.log().hasPending()) {
        worker.running().awaitStored(execution.log(), logWriter::ring);
      }
      if (execution.stop().cause() == StopSignal.Cause.LEASE_LOST) {
        forget(execution, ended);
        return;
      }
      if (end.transition().job().ended()) {
        worktrees.leave(job);
      }
      complete(execution, end, ended);
    } catch (InterruptedException e) {
      forget(execution, ended);
    } catch (RuntimeException | Error e) {
      // A defect: the lease keeper gives the job back, and the slot is not lost with it.
      worker.report("execution " + job.lease().executionId() + " could not be ended", e);
      forget(execution, ended);
    }
  }

  private FinishJobs.Ended end(RunningExecution execution, Begun begun, NodeEnded result) {
    ClaimedJob job = execution.job();
    return switch (result) {
      case NodeEnded.Waits(String reason, NodeEnd end) ->
          new FinishJobs.Ended(
              job.lease(),
              new Transition(
                  JobStatus.COMPLETED, JobStatus.WAITING, true, false, null, reason, null, null),
              Figures.NONE,
              masked(execution, end),
              null);
      case NodeEnded.Finished(Outcome ended, NodeEnd.Output output) -> {
        Outcome outcome =
            priced(execution, afterStop(execution, ended)).withTexts(execution.log()::masked);
        boolean completed = outcome instanceof Outcome.Completed;
        if (completed) {
          execution.log().answered();
        }
        Alternative alternative = fallback.after(execution, outcome);
        boolean sessionKnown =
            outcome.figures().sessionId() != null
                || execution.log().sessionId() != null
                || job.sessionId() != null;
        yield new FinishJobs.Ended(
            job.lease(),
            retryPolicy.decide(job.standing(begun.yes, sessionKnown), outcome),
            outcome.figures(),
            completed && output != null ? masked(execution, output) : null,
            alternative);
      }
    };
  }

  /// What a node brings with it, without secrets.
  private static NodeEnd masked(RunningExecution execution, NodeEnd end) {
    ExecutionLog log = execution.log();
    return switch (end) {
      case NodeEnd.Output output ->
          new NodeEnd.Output(
              log.masked(output.json()),
              output.skipped(),
              output.exitCode(),
              output.changedFiles().stream().map(log::masked).toList());
      case NodeEnd.FanOut fanOut ->
          new NodeEnd.FanOut(
              fanOut.items().stream().map(log::masked).toList(), fanOut.maxParallel());
      case NodeEnd.Asked(String message) ->
          new NodeEnd.Asked(message == null ? null : log.masked(message));
    };
  }

  /// Whether a process of the job may have done something.
  private static final class Begun {
    private boolean yes;
  }

  private NodeEnded attempt(RunningExecution execution, Begun begun) throws InterruptedException {
    ClaimedJob job = execution.job();
    Provider provider = worker.provider(job.provider());
    boolean node = NodeRunner.isFor(job, provider);
    if (provider == null && !node) {
      return failed(ErrorClass.CONFIG, "this worker does not know the provider " + job.provider());
    }
    Workspaces.Resolved workspace = worktrees.enter(execution);
    if (workspace.error() != null) {
      return failed(ErrorClass.CONFIG, workspace.error());
    }
    if (!isAlone(job)) {
      execution.stop().request(StopSignal.Cause.LEASE_LOST);
      return failed(ErrorClass.WORKER_LOST, "given back until it has its workspace to itself");
    }
    Outcome refusal = spendingGate.refusal(execution, workspace.directory());
    if (refusal != null) {
      return new NodeEnded.Finished(refusal, null);
    }
    Attempt.Session session = session(job, provider);
    if (!node && !begin(execution, begun, session)) {
      return failed(ErrorClass.WORKER_LOST, "the lease was lost");
    }
    EarlierExecution earlier = session.earlier();
    if (earlier != null) {
      sayContinued(execution, earlier);
    }
    try (Watchdog _ = Watchdog.over(execution, worker.scheduler())) {
      Attempt attempt = attemptOf(execution, session, workspace.directory());
      NodeEnded result =
          node
              ? new NodeRunner(attempt, provider, databaseOf(execution, begun, session)).run()
              : new NodeEnded.Finished(Objects.requireNonNull(provider).run(attempt), null);
      return checked(result, workspace.directory(), job);
    } catch (NodeDatabase.Gone e) {
      worker.report("execution " + job.lease().executionId() + " could not read its inputs", e);
      return new NodeEnded.Finished(
          new Outcome.Interrupted(
              Outcome.Cause.SHUTDOWN,
              "its inputs could not be read: " + e.getMessage(),
              Figures.NONE),
          null);
    } catch (RuntimeException | Error e) {
      worker.report("execution " + job.lease().executionId() + " failed unexpectedly", e);
      return failed(ErrorClass.UNKNOWN, "internal error: " + e);
    }
  }

  /// Fails what has not written the files that it names.
  private static NodeEnded checked(NodeEnded result, Path directory, ClaimedJob job) {
    return switch (result) {
      case NodeEnded.Waits waits -> waits;
      case NodeEnded.Finished(Outcome outcome, NodeEnd.Output output) ->
          new NodeEnded.Finished(
              output != null && output.skipped()
                  ? outcome
                  : StepOutputs.check(directory, job.options().outputs(), outcome),
              output);
    };
  }

  private NodeDatabase databaseOf(
      RunningExecution execution, Begun begun, Attempt.Session session) {
    return new NodeDatabase() {
      @Override
      public <T> T read(Query<T> query) throws InterruptedException, Gone {
        try (DatabaseLoop database = worker.borrowConnection()) {
          return database.repeat(query::on);
        } catch (SQLException | DatabaseLoop.Unreachable e) {
          throw new Gone(e);
        }
      }

      @Override
      public boolean begin() throws InterruptedException {
        return Executor.this.begin(execution, begun, session);
      }
    };
  }

  /// Whether a job that asks for it has its workspace to itself; if not, it is back in the queue.
  private boolean isAlone(ClaimedJob job) throws InterruptedException {
    if (job.options().isolation() != JobSpec.Isolation.EXCLUSIVE) {
      return true;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.repeat(
          (Connection connection) -> HoldWorkspace.take(connection, job.lease()));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      worker.reportDatabase("taking a workspace", e);
      return false;
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
  private Attempt.Session session(ClaimedJob job, @Nullable Provider provider)
      throws InterruptedException {
    if (provider == null || ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
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
  ///
  /// @return false: the lease was lost, so it must not begin
  private boolean begin(RunningExecution execution, Begun begun, Attempt.Session session)
      throws InterruptedException {
    if (!markBegun(execution.job(), session.chosenId(), begun)) {
      execution.stop().request(StopSignal.Cause.LEASE_LOST);
      return false;
    }
    if (session.chosenId() != null) {
      execution.log().session(session.chosenId());
    }
    return true;
  }

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

  private static NodeEnded failed(ErrorClass errorClass, @Nullable String error) {
    return new NodeEnded.Finished(
        new Outcome.Failed(
            errorClass, error == null ? "unknown" : error, null, false, Figures.NONE),
        null);
  }
}
