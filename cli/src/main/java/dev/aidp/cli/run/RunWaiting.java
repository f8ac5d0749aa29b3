package dev.aidp.cli.run;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.Interruption;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.RunJson;
import dev.aidp.cli.session.Database;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.db.read.FindApprovals;
import dev.aidp.db.read.FindApprovals.Approval;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.ReadRuns;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Blocks until a run has ended, or goes on only when somebody has answered an approval. Polls, as
/// everything that waits does.
public final class RunWaiting {
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 500;
  private static final Duration WORKER_CHECK = Duration.ofSeconds(2);

  private final Session session;
  private final Console console;
  private final Database database;
  private final BackgroundWorker worker;
  private long workerCheckedNanos = System.nanoTime();
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;

  /// @param mayStartWorker false: `--no-worker`
  public RunWaiting(Session session, boolean mayStartWorker) {
    this.session = session;
    this.console = session.console();
    this.database = session.database();
    this.worker = BackgroundWorker.of(session, mayStartWorker);
  }

  /// Takes every picture of the run that differs from the last one.
  public interface View {
    void show(Run run, List<RunNode> nodes);
  }

  /// @param json only the final object goes to stdout
  /// @return the exit code
  public int await(UUID runId, View view, boolean json) throws InterruptedException {
    String hint =
        "Stopped waiting; the work goes on. To stop it too: aidp runs cancel " + shortened(runId);
    try (Interruption _ = new Interruption(console.err(), hint)) {
      List<RunNode> shown = List.of();
      while (true) {
        // The run is asked first: if it had ended by then, so have all its nodes.
        Run run = read(runId);
        List<RunNode> nodes =
            database.patiently(connection -> ReadRuns.nodes(connection, runId, false));
        if (!nodes.equals(shown)) {
          view.show(run, nodes);
          console.out().flush();
          shown = nodes;
          pauseMillis = SHORTEST_PAUSE_MILLIS;
        }
        List<Approval> approvals =
            isHeld(nodes)
                ? database.patiently(connection -> FindApprovals.openOfRun(connection, runId))
                : List.of();
        if (run.completedAt() != null || !approvals.isEmpty()) {
          return report(run, approvals, json);
        }
        pause(nodes);
      }
    } catch (InterruptedException e) {
      console.note(hint);
      throw e;
    }
  }

  /// Whether nothing of it can go on by itself: what waits does so for approvals alone.
  private static boolean isHeld(List<RunNode> nodes) {
    boolean asked = false;
    for (RunNode node : nodes) {
      String reason = node.reason() == null ? "" : node.reason();
      switch (node.status()) {
        case QUEUED, RUNNING -> {
          return false;
        }
        case WAITING -> {
          if (reason.startsWith("approval")) {
            asked = true;
          } else if (!reason.startsWith("needs ") && !reason.startsWith("waits for a place")) {
            return false;
          }
        }
        case COMPLETED, FAILED, INTERRUPTED -> {}
      }
    }
    return asked;
  }

  private Run read(UUID runId) throws InterruptedException {
    return database
        .patiently(connection -> ReadRuns.byId(connection, runId))
        .orElseThrow(() -> RunIds.noSuchRun(runId.toString()));
  }

  private void pause(List<RunNode> nodes) throws InterruptedException {
    List<Long> open =
        nodes.stream()
            .filter(node ->
                node.status() == JobStatus.QUEUED
                    || node.status() == JobStatus.RUNNING
                    || (node.status() == JobStatus.WAITING && node.needs().isEmpty()))
            .map(RunNode::jobId)
            .limit(100)
            .toList();
    if (System.nanoTime() - workerCheckedNanos > WORKER_CHECK.toNanos()) {
      worker.ensureFor(open);
      workerCheckedNanos = System.nanoTime();
    }
    if (session.insideJob()) {
      worker.bringOwnSlot(database.patiently(connection -> FollowJobs.standings(connection, open)));
    }
    Thread.sleep(pauseMillis);
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis + pauseMillis / 2);
  }

  private int report(Run run, List<Approval> approvals, boolean json) throws InterruptedException {
    if (json) {
      List<RunNode> nodes =
          database.patiently(connection -> ReadRuns.nodes(connection, run.id(), true));
      Json.print(console, RunJson.run(run, nodes));
    }
    if (!approvals.isEmpty()) {
      for (Approval approval : approvals) {
        String message = approval.message() == null ? "" : ": " + approval.message();
        console.warn(
            "run "
                + shortened(run.id())
                + " waits for the approval of "
                + approval.name()
                + message);
        console.note(
            "  Type `aidp approve "
                + approval.jobId()
                + "`, or `aidp reject "
                + approval.jobId()
                + " --comment TEXT`");
      }
      return ErrorCategory.PENDING.exitCode();
    }
    if (run.status() == JobStatus.COMPLETED) {
      return 0;
    }
    String verb = run.status() == JobStatus.INTERRUPTED ? "was interrupted" : run.status().word();
    console.warn(
        "run "
            + shortened(run.id())
            + " "
            + verb
            + (run.error() == null ? "" : ": " + run.error()));
    console.note(
        "  See `aidp runs show "
            + shortened(run.id())
            + "`, or go on with `aidp runs resume "
            + shortened(run.id())
            + "`");
    return ErrorCategory.FAILED.exitCode();
  }

  /// Enough of an id to find it again.
  public static String shortened(UUID runId) {
    return runId.toString().substring(0, 8);
  }
}
