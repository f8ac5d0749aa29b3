package dev.aidp.worker.engine;

import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.outcome.RetryPolicy;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimKey;
import dev.aidp.db.queue.EndWorker;
import dev.aidp.db.queue.FindLeases;
import dev.aidp.db.queue.FindLostWork;
import dev.aidp.db.queue.FinishJobs;
import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.process.ExecutionMarker;
import dev.aidp.worker.process.Stray;
import dev.aidp.worker.process.Strays;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Finds workers that died, moves their jobs on, and ends what their jobs left running on this
/// host. Every worker has one; there is no leader.
///
/// Silence counts only as far as this reaper has seen it itself, on one unbroken connection: a
/// database outage or a suspended laptop is no mass death. A worker of the same host, boot and pid
/// namespace whose process is gone is dead at once.
final class Reaper implements AutoCloseable {
  private static final Duration LOCAL_LOOK = Duration.ofMillis(500);
  private static final Duration STRAY_LOOK = Duration.ofSeconds(10);

  /// Whoever declares a worker dead moves its jobs on at once: what remains to be found is what a
  /// reaper left that died in between.
  private static final int ROUNDS_BETWEEN_ORPHAN_LOOKS = 4;

  private static final Duration STRAY_GRACE = Duration.ofSeconds(2);

  private final WorkerContext worker;
  private final RetryPolicy retryPolicy;
  private final WorkerEvents events;
  private final Consumer<Set<ClaimKey>> released;
  private final DatabaseLoop database;
  private final CountDownLatch stopping;
  private final Strays strays = new Strays();
  private final Thread thread;
  private final Map<Long, Silence> silences = new HashMap<>();
  private List<FindLostWork.LiveWorker> neighbours = List.of();
  private long generation = -1;
  private long lastStrayLookNanos;
  private boolean strayLookDue = true;
  private boolean orphanLookDue = true;
  private int roundsToOrphanLook;

  /// Since when this reaper has seen the same heartbeat.
  private record Silence(Instant lastSeenAt, long sinceNanos) {}

  Reaper(
      WorkerContext worker,
      RetryPolicy retryPolicy,
      WorkerEvents events,
      Connections connections,
      Consumer<Set<ClaimKey>> released) {
    this.worker = worker;
    this.retryPolicy = retryPolicy;
    this.events = events;
    this.released = released;
    this.stopping = worker.stopping();
    this.database = new DatabaseLoop(connections, "worker reaper", stopping);
    this.thread = Thread.ofPlatform().name("aidp-reaper").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  private void loop() {
    try (database) {
      long lookAt = System.nanoTime();
      while (!stopping.await(LOCAL_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() - lookAt >= 0 || neighbours.stream().anyMatch(this::isGone)) {
          reap();
          double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
          lookAt = System.nanoTime() + (long) (worker.options().timing().reap().toNanos() * jitter);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reap() throws InterruptedException {
    try {
      neighbours = database.once(FindLostWork::liveWorkers);
      forgetAfterReconnect();
      for (FindLostWork.LiveWorker neighbour : neighbours) {
        endIfDead(neighbour);
      }
      if (orphanLookDue || --roundsToOrphanLook <= 0) {
        orphanLookDue = false;
        roundsToOrphanLook = ROUNDS_BETWEEN_ORPHAN_LOOKS;
        moveOrphansOn();
      }
      endStrays();
    } catch (SQLException | RuntimeException e) {
      worker.reportDatabase("looking after lost workers", e);
      silences.clear();
    }
  }

  private void forgetAfterReconnect() {
    if (generation != database.generation()) {
      generation = database.generation();
      silences.clear();
    }
    Set<Long> known =
        neighbours.stream().map(FindLostWork.LiveWorker::id).collect(Collectors.toSet());
    silences.keySet().retainAll(known);
  }

  private void endIfDead(FindLostWork.LiveWorker neighbour) throws SQLException {
    if (neighbour.id() == worker.registered().id()) {
      return;
    }
    Duration limit = worker.options().timing().leaseLimit();
    boolean gone = isGone(neighbour);
    if (!gone && !silentTooLong(neighbour, limit)) {
      return;
    }
    boolean ended =
        database.once(connection ->
            EndWorker.end(connection, neighbour.id(), EndWorker.Reason.LOST, gone ? null : limit));
    if (ended) {
      strayLookDue = true;
      orphanLookDue = true;
      worker.report(
          "worker %d on %s (pid %d) is lost: %s"
              .formatted(
                  neighbour.id(),
                  neighbour.host(),
                  neighbour.pid(),
                  gone ? "its process is gone" : "it is silent"),
          null);
    }
  }

  private boolean isGone(FindLostWork.LiveWorker neighbour) {
    return neighbour.id() != worker.registered().id()
        && worker
            .options()
            .host()
            .isGone(
                new HostIdentity(
                    neighbour.host(),
                    neighbour.bootId(),
                    neighbour.pidNamespace(),
                    neighbour.pid(),
                    neighbour.processStarted()));
  }

  private boolean silentTooLong(FindLostWork.LiveWorker neighbour, Duration limit) {
    long now = System.nanoTime();
    Silence silence = silences.get(neighbour.id());
    if (silence == null || !silence.lastSeenAt().equals(neighbour.lastSeenAt())) {
      silences.put(neighbour.id(), new Silence(neighbour.lastSeenAt(), now));
      return false;
    }
    return now - silence.sinceNanos() >= limit.toNanos()
        && neighbour.silentMillis() >= limit.toMillis();
  }

  private void moveOrphansOn() throws SQLException, InterruptedException {
    List<FindLostWork.Orphan> orphans = database.once(FindLostWork::orphanedLeases);
    if (orphans.isEmpty()) {
      return;
    }
    strayLookDue = true;
    orphanLookDue = true;
    endProcesses(orphans);
    List<FinishJobs.Ended> ended =
        orphans.stream()
            .map(orphan ->
                new FinishJobs.Ended(
                    orphan.lease(),
                    retryPolicy.decide(orphan.standing(), crash(orphan)),
                    Figures.NONE))
            .toList();
    FinishJobs.Result result = database.once(connection -> FinishJobs.finish(connection, ended));
    released.accept(result.ready());
    for (FindLostWork.Orphan orphan : orphans) {
      if (!result.lost().contains(orphan.lease().executionId())) {
        events.reaped(orphan.lease().jobId(), orphan.execution(), orphan.workspace());
      }
    }
  }

  /// Before another execution may begin: what the lost one left on this host would work beside it.
  private void endProcesses(List<FindLostWork.Orphan> orphans) throws InterruptedException {
    Set<Long> executions =
        orphans.stream().map(orphan -> orphan.lease().executionId()).collect(Collectors.toSet());
    strays.kill(
        worker.databaseId(), marker -> executions.contains(marker.execution()), Duration.ZERO);
  }

  private static Outcome crash(FindLostWork.Orphan orphan) {
    return new Outcome.Interrupted(
        Outcome.Cause.WORKER_LOST, "worker " + orphan.workerId() + " was lost", Figures.NONE);
  }

  /// Processes first, leases second: an execution that a process was seen of had its lease before.
  private void endStrays() throws SQLException, InterruptedException {
    long now = System.nanoTime();
    if (!strayLookDue && now - lastStrayLookNanos < STRAY_LOOK.toNanos()) {
      return;
    }
    lastStrayLookNanos = now;
    strayLookDue = false;
    Set<ExecutionMarker> seen =
        strays.find(worker.databaseId()).stream().map(Stray::marker).collect(Collectors.toSet());
    seen.removeIf(marker -> worker.running().get(marker.execution()) != null);
    if (seen.isEmpty()) {
      return;
    }
    Set<Long> ids = seen.stream().map(ExecutionMarker::execution).collect(Collectors.toSet());
    Set<Long> held = database.once(connection -> FindLeases.held(connection, ids));
    Set<ExecutionMarker> condemned = new HashSet<>(seen);
    condemned.removeIf(marker -> held.contains(marker.execution()));
    if (!condemned.isEmpty()) {
      worker.report(
          "ending what is left of executions "
              + condemned.stream()
                  .map(marker -> String.valueOf(marker.execution()))
                  .collect(Collectors.joining(", ")),
          null);
      strays.kill(worker.databaseId(), condemned::contains, STRAY_GRACE);
    }
  }

  @Override
  public void close() {
    Threads.join(thread);
  }
}
