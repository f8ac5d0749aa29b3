package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.secret.SecretMask;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.operation.OperationLog;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.engine.WorkerEvents;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells what a worker does: to stderr, and to the log of operations.
final class WorkerNarrator implements WorkerEvents {
  private final Session session;
  private final OperationLog operations;
  private final Runnable onStarted;
  private final SecretMask secrets;

  WorkerNarrator(Session session, Runnable onStarted) {
    this.session = session;
    this.operations = OperationLog.of(session.environment(), session.directory());
    this.onStarted = onStarted;
    this.secrets = SecretMask.of(session.environment());
  }

  @Override
  public void started(long workerId) {
    onStarted.run();
    say("INFO", "Worker " + workerId + " on " + session.hostLabel() + " is ready");
  }

  @Override
  public void claimed(ClaimedJob job) {
    say("INFO", "Job " + job.lease().jobId() + " claimed: " + job.name());
    operations.log("claimed", job.lease().jobId(), Map.of("attempt", job.execution()));
  }

  @Override
  public void ended(ClaimedJob job, Transition transition) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("attempt", job.execution());
    data.put("job", transition.job().word());
    if (transition.error() != null) {
      data.put("error", transition.error());
    }
    String error = transition.error() == null ? "" : ": " + transition.error();
    say("INFO", "Job " + job.lease().jobId() + " " + transition.execution().word() + error);
    operations.log(transition.execution().word(), job.lease().jobId(), data);
  }

  @Override
  public void lost(ClaimedJob job) {
    say("WARN", "Job " + job.lease().jobId() + " was lost to another worker");
    operations.log("lost", job.lease().jobId(), Map.of("attempt", job.execution()));
  }

  @Override
  public void reaped(long jobId, int execution, @Nullable String workspace) {
    say("WARN", "Job " + jobId + " was taken from a worker that is gone");
    operations.log("recovered", jobId, Map.of("attempt", execution));
  }

  @Override
  public void problem(String what, @Nullable Throwable failure) {
    say("WARN", what + (failure == null ? "" : ": " + failure));
    if (failure != null && session.console().debug()) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      session.console().err().print(secrets.mask(trace.toString()));
    }
  }

  void stopping(Duration grace) {
    say(
        "INFO",
        "Stopping: no job is claimed any more; those that run have "
            + Durations.format(grace)
            + ", a second signal interrupts them");
  }

  void interrupting() {
    say("INFO", "Interrupting the jobs that run");
  }

  void warn(String what) {
    say("WARN", what);
  }

  private void say(String level, String text) {
    session
        .console()
        .err()
        .println(
            "["
                + Timestamps.format(Instant.now())
                + "] ["
                + level
                + "] [system] "
                + SafeText.oneLine(secrets.mask(text)));
  }
}
