package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.db.queue.RaiseSlots;
import dev.aidp.db.read.FindHostWorkers;
import dev.aidp.db.read.FindHostWorkers.HostWorker;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.FollowJobs.Standing;
import dev.aidp.worker.host.HostIdentity;
import java.time.Duration;
import java.util.List;

/// Sees to it that a live worker of this host takes what is to be done. A worker of its own host is
/// known to be dead as soon as its process is gone, whatever the database still believes.
public final class BackgroundWorker {
  private static final Duration FRESH = Duration.ofSeconds(30);

  /// Between two slots that one waiter brings.
  private static final Duration OWN_SLOT_PAUSE = Duration.ofSeconds(15);

  private final Session session;
  private final boolean allowed;
  private long ownSlotNanos;
  private boolean ownSlotBrought;

  private BackgroundWorker(Session session, boolean allowed) {
    this.session = session;
    this.allowed = allowed;
  }

  /// @param allowed false: `--no-worker`
  public static BackgroundWorker of(Session session, boolean allowed) {
    if (!allowed) {
      session.forbidWorkers();
    }
    return new BackgroundWorker(session, session.mayStartWorkers());
  }

  /// How many slots a worker gets: `QUE_WORKER_COUNT`, else `worker_count`, else 1.
  public static int slots(Session session) {
    Integer count = session.variables().workerCount();
    if (count == null) {
      count = session.configuration().settings().workerCount();
    }
    return count == null ? 1 : count;
  }

  /// Starts or enlarges a worker if one of the jobs, that have not ended, needs that. Never fails
  /// the command: what is queued stays queued.
  public void ensureFor(List<Long> jobIds) throws InterruptedException {
    if (!allowed || jobIds.isEmpty()) {
      return;
    }
    try {
      List<Standing> jobs =
          session.database().call(connection -> FollowJobs.standings(connection, jobIds));
      ensure(jobs.stream().filter(this::isOurs).map(Standing::provider).distinct().toList());
    } catch (AidpException e) {
      session.console().warn(e.getMessage() + "; the job stays queued");
      if (e.remedy() != null) {
        session.console().note("  " + e.remedy());
      }
    }
  }

  private boolean isOurs(Standing job) {
    return !job.status().ended() && (job.host() == null || job.host().equals(session.hostLabel()));
  }

  /// As [#ensureFor], for whatever these providers have to do.
  ///
  /// @throws AidpException if a worker can't be started
  public void ensure(List<String> providers) throws InterruptedException {
    if (!allowed || providers.isEmpty()) {
      return;
    }
    List<HostWorker> live = live();
    boolean served =
        providers.stream()
            .allMatch(provider ->
                live.stream()
                    .anyMatch(one -> one.providers().contains(ProviderRef.of(provider).served())));
    int slots = slots(session);
    if (!served) {
      if (new WorkerLock(session).announceStart()) {
        new WorkerProcess(session)
            .start(List.of("--background", "--idle-exit", "10m", "--count", slots + ""));
      }
      return;
    }
    for (HostWorker worker : live) {
      if (worker.background() && worker.slots() < slots) {
        session.database().call(connection -> RaiseSlots.raise(connection, worker.id(), slots));
      }
    }
  }

  /// Whoever waits inside a job holds a slot that the other job may need: it brings one of its own.
  public void bringOwnSlot(List<Standing> open) throws InterruptedException {
    boolean due = !ownSlotBrought || System.nanoTime() - ownSlotNanos > OWN_SLOT_PAUSE.toNanos();
    boolean queued = open.stream().anyMatch(job -> isOurs(job) && job.status() == JobStatus.QUEUED);
    if (allowed && due && queued && session.insideJob()) {
      ownSlotBrought = true;
      ownSlotNanos = System.nanoTime();
      new WorkerProcess(session).start(List.of("--count", "1", "--idle-exit", "5s"));
    }
  }

  private List<HostWorker> live() {
    HostIdentity self = HostIdentity.current(session.directories().home(), session.environment());
    return session
        .database()
        .call(connection -> FindHostWorkers.on(connection, session.hostLabel()))
        .stream()
        .filter(worker ->
            !worker.draining()
                && worker.heartbeatAge().compareTo(FRESH) < 0
                && !self.isGone(identity(worker)))
        .toList();
  }

  private HostIdentity identity(HostWorker worker) {
    return new HostIdentity(
        session.hostLabel(),
        worker.bootId(),
        worker.pidNamespace(),
        worker.pid(),
        worker.processStarted());
  }
}
