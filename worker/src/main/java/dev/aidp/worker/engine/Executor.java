package dev.aidp.worker.engine;

import dev.aidp.core.job.ErrorClass;
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
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.FinishJobs;
import dev.aidp.db.queue.MarkBegun;
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

  Executor(
      WorkerContext worker, Completer completer, LogWriter logWriter, RetryPolicy retryPolicy) {
    this.worker = worker;
    this.completer = completer;
    this.logWriter = logWriter;
    this.retryPolicy = retryPolicy;
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
      result = afterStop(execution, result);
      if (result instanceof NodeEnded.Finished(Outcome.Completed _, _)) {
        execution.log().answered();
      }
      execution.log().seal();
      if (execution.log().hasPending()) {
        worker.running().awaitStored(execution.log(), logWriter::ring);
      }
      if (execution.stop().cause() == StopSignal.Cause.LEASE_LOST) {
        forget(execution, ended);
        return;
      }
      complete(execution, end(execution, begun, result), ended);
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
              end);
      case NodeEnded.Finished(Outcome outcome, NodeEnd.Output output) -> {
        boolean sessionKnown =
            outcome.figures().sessionId() != null
                || execution.log().sessionId() != null
                || job.sessionId() != null;
        yield new FinishJobs.Ended(
            job.lease(),
            retryPolicy.decide(job.standing(begun.yes, sessionKnown), outcome),
            outcome.figures(),
            output);
      }
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
    if (job.execution() > 1 && job.sessionId() != null) {
      execution.log().log(
          LogLevel.INFO,
          LogCategory.SYSTEM,
          "continues the session of an earlier execution",
          Map.of("sessionId", job.sessionId()));
    }
    Workspaces.Resolved workspace = worker.workspaces().resolve(job);
    if (workspace.error() != null) {
      return failed(ErrorClass.CONFIG, workspace.error());
    }
    if (!node && !begin(execution, begun)) {
      return failed(ErrorClass.WORKER_LOST, "the lease was lost");
    }
    try (Watchdog _ = Watchdog.over(execution, worker.scheduler())) {
      Attempt attempt = attemptOf(execution, usedBefore(job), workspace.directory());
      if (node) {
        return new NodeRunner(attempt, provider, databaseOf(execution, begun)).run();
      }
      return new NodeEnded.Finished(Objects.requireNonNull(provider).run(attempt), null);
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

  private NodeDatabase databaseOf(RunningExecution execution, Begun begun) {
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
        return Executor.this.begin(execution, begun);
      }
    };
  }

  private Usage usedBefore(ClaimedJob job) throws InterruptedException {
    String session = job.sessionId();
    if (session == null || ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
      return Usage.NONE;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.repeat(
          (Connection connection) -> ReadSessionUsage.of(connection, job.lease().jobId(), session));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      worker.reportDatabase("reading what a session used", e);
      return Usage.NONE;
    }
  }

  private Attempt attemptOf(RunningExecution execution, Usage usedBefore, Path directory) {
    ClaimedJob job = execution.job();
    Map<String, String> environment = worker.environmentOf(job, execution.log());
    execution.log().mask(worker.secretsOf(environment));
    return new Attempt(
        job,
        usedBefore,
        directory,
        environment,
        execution.log(),
        execution.stop(),
        new SupervisedRunner(
            worker.supervisor(),
            worker.databaseId(),
            execution.log(),
            execution.stop(),
            worker.options().timing().stopGrace()));
  }

  /// An agent that crashed after it had begun, without a session, must not simply be run again.
  ///
  /// @return false: the lease was lost, so it must not begin
  private boolean begin(RunningExecution execution, Begun begun) throws InterruptedException {
    if (markBegun(execution.job(), begun)) {
      return true;
    }
    execution.stop().request(StopSignal.Cause.LEASE_LOST);
    return false;
  }

  private boolean markBegun(ClaimedJob job, Begun begun) throws InterruptedException {
    begun.yes = true;
    if (ProviderKind.of(job.provider()) != ProviderKind.AGENT) {
      return true;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.repeat(
          (Connection connection) -> MarkBegun.mark(connection, job.lease(), null));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      return false;
    }
  }

  /// What was asked for from outside decides how the execution ended, unless it had done its work.
  private NodeEnded afterStop(RunningExecution execution, NodeEnded result) {
    return switch (result) {
      case NodeEnded.Waits waits -> waits;
      case NodeEnded.Finished(Outcome outcome, NodeEnd.Output output) -> {
        Outcome decided = afterStop(execution, outcome).withTexts(execution.log()::masked);
        yield new NodeEnded.Finished(
            decided, decided instanceof Outcome.Completed ? masked(execution, output) : null);
      }
    };
  }

  private static NodeEnd.@Nullable Output masked(
      RunningExecution execution, NodeEnd.@Nullable Output output) {
    return output == null
        ? null
        : new NodeEnd.Output(
            execution.log().masked(output.json()),
            output.skipped(),
            output.exitCode(),
            output.changedFiles());
  }

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
      case TIMEOUT ->
          new Outcome.Failed(
              ErrorClass.TIMEOUT, "timed out after " + shown(job.timeout()), null, false, figures);
      case STALLED ->
          new Outcome.Failed(
              ErrorClass.STALLED,
              "no output for " + shown(job.options().stallTimeout()),
              null,
              false,
              figures);
    };
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
