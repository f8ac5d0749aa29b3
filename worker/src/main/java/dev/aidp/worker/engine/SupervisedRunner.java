package dev.aidp.worker.engine;

import dev.aidp.db.queue.LeaseRef;
import dev.aidp.worker.process.ExecutionMarker;
import dev.aidp.worker.process.JobProcess;
import dev.aidp.worker.process.OutputLine;
import dev.aidp.worker.process.ProcessSpec;
import dev.aidp.worker.process.ProcessSupervisor;
import dev.aidp.worker.process.StartFailure;
import dev.aidp.worker.provider.ProcessRunner;
import dev.aidp.worker.provider.StopSignal;
import java.time.Duration;

/// The processes of one execution: marked as its own, and ended when it is asked to stop.
final class SupervisedRunner implements ProcessRunner {
  private final ProcessSupervisor supervisor;
  private final String databaseId;
  private final ExecutionLog log;
  private final StopSignal stop;
  private final Duration grace;

  SupervisedRunner(
      ProcessSupervisor supervisor,
      String databaseId,
      ExecutionLog log,
      StopSignal stop,
      Duration grace) {
    this.supervisor = supervisor;
    this.databaseId = databaseId;
    this.log = log;
    this.stop = stop;
    this.grace = grace;
  }

  @Override
  public Exit run(Command command, Output output) throws InterruptedException {
    LeaseRef lease = log.job().lease();
    ExecutionMarker marker =
        new ExecutionMarker(databaseId, lease.executionId(), lease.token().toString());
    ProcessSpec spec =
        ProcessSpec.of(command.argv(), command.environment(), command.directory(), marker)
            .withLineLimitBytes(command.maxLineBytes());
    if (!command.stdin().isEmpty()) {
      spec = spec.withStdin(command.stdin());
    }
    JobProcess process;
    try {
      process =
          supervisor.start(
              spec,
              line -> {
                log.heard();
                pass(line, output);
              });
    } catch (StartFailure e) {
      return new Exit.NotStarted(String.valueOf(e.getMessage()));
    }
    log.pid((int) process.pid());
    output.started(
        limit -> Thread.ofVirtual().name("aidp-outstayed").start(() -> endAfter(process, limit)));
    stop.onRequest(log::stopWaiting);
    stop.onRequest(() -> Thread.ofVirtual().name("aidp-stop").start(() -> end(process)));
    return new Exit.Code(process.await());
  }

  private static void pass(OutputLine line, Output output) {
    switch (line.source()) {
      case STDOUT -> output.stdout(line.textWithNote());
      case STDERR -> output.stderr(line.textWithNote());
    }
  }

  private void endAfter(JobProcess process, Duration limit) {
    try {
      if (process.await(limit).isEmpty()) {
        process.stop(grace);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(JobProcess process) {
    try {
      boolean lost = stop.cause() == StopSignal.Cause.LEASE_LOST;
      process.stop(lost ? Duration.ofSeconds(1) : grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
