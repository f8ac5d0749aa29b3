package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.WorkerLock;
import dev.aidp.cli.session.Session;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aidp worker`.
@Command(
    name = "worker",
    description = {
      "Run jobs in the foreground.",
      "TERM: claim no more and let jobs finish within the grace; a second TERM interrupts them."
    })
final class WorkerCommand implements Callable<Integer> {
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

  private final Session session;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Jobs at once (default: QUE_WORKER_COUNT, else 1)")
  @Nullable Integer count;

  @Option(
      names = "--drain",
      description = "End when nothing is runnable, and nothing will be within 5 s")
  boolean drain;

  @Option(
      names = "--idle-exit",
      paramLabel = "D",
      description = "End after so long without anything to do")
  @Nullable Duration idleExit;

  @Option(
      names = "--grace",
      paramLabel = "D",
      description = "How long jobs may go on after TERM (default 30s)")
  Duration grace = Duration.ofSeconds(30);

  @Option(names = "--background", hidden = true)
  boolean background;

  WorkerCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (count != null && (count < 1 || count > 99_999)) {
      throw new Usage("the value of --count is out of range", "Give a number from 1 to 99999");
    }
    int slots = count == null ? BackgroundWorker.slots(session) : count;
    WorkerRun run = new WorkerRun(session, slots, drain, idleExit, grace, background);
    if (!background) {
      return run.call();
    }
    WorkerLock lock = new WorkerLock(session);
    try (lock) {
      if (!lock.acquire(LOCK_LIMIT)) {
        session.console().note("Another background worker is at work");
        return 0;
      }
      return run.inBackground(lock);
    } finally {
      lock.startEnded();
    }
  }
}
