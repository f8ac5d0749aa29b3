package dev.aidp.worker.engine;

import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.outcome.RetryPolicy;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.FindLostWork;
import dev.aidp.db.queue.FinishJobs;
import dev.aidp.db.queue.LeaseRef;
import dev.aidp.db.queue.RegisterWorker;
import dev.aidp.db.queue.RenewLeases;
import dev.aidp.worker.provider.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Keeps the worker's leases: one heartbeat every five seconds, whatever it runs. Learns from the
/// answer what to cancel, what it has lost, and whether it was declared dead. When it cannot reach
/// a database that others can reach, it ends its children before its leases can have run out.
final class LeaseKeeper implements AutoCloseable {
  private static final Duration PAUSE_WITHOUT_DATABASE = Duration.ofSeconds(1);

  private final WorkerContext worker;
  private final Slots slots;
  private final Completer completer;
  private final RetryPolicy retryPolicy;
  private final CountDownLatch stopping;
  private final Supplier<RegisterWorker.Facts> facts;
  private final DatabaseLoop database;
  private final Thread thread;
  private Set<LeaseRef> unknownBefore = Set.of();
  private volatile boolean draining;
  private volatile Acknowledged acknowledged = Acknowledged.now();
  private volatile boolean silenced;

  /// When the last answered heartbeat was sent, on both clocks: the monotonic one stands still
  /// while a laptop sleeps, the wall clock can be set.
  private record Acknowledged(long nanos, long wallMillis) {
    static Acknowledged now() {
      return new Acknowledged(System.nanoTime(), System.currentTimeMillis());
    }

    Duration age() {
      Duration monotonic = Duration.ofNanos(System.nanoTime() - nanos);
      Duration wall = Duration.ofMillis(System.currentTimeMillis() - wallMillis);
      return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }
  }

  LeaseKeeper(
      WorkerContext worker,
      Slots slots,
      Completer completer,
      RetryPolicy retryPolicy,
      Connections connections,
      Supplier<RegisterWorker.Facts> facts) {
    this.worker = worker;
    this.slots = slots;
    this.completer = completer;
    this.retryPolicy = retryPolicy;
    this.stopping = worker.stopping();
    this.facts = facts;
    this.database = new DatabaseLoop(connections, "worker heartbeat", stopping);
    this.thread = Thread.ofPlatform().name("aidp-lease-keeper").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
    if (!worker.options().soleOwner()) {
      // On a thread of its own: the heartbeat itself may hang in a dead connection.
      var _ =
          worker
              .scheduler()
              .scheduleWithFixedDelay(this::endChildrenInTime, 1, 1, TimeUnit.SECONDS);
    }
  }

  void drain() {
    draining = true;
  }

  private void loop() {
    try (database) {
      Duration pause = Duration.ZERO;
      while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = beat() ? worker.options().timing().heartbeat() : PAUSE_WITHOUT_DATABASE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean beat() {
    Acknowledged sent = Acknowledged.now();
    Set<Long> before = worker.running().executionIds();
    try {
      RegisterWorker.Registered registered = worker.registered();
      Optional<RenewLeases.Beat> beat =
          database.once(connection -> RenewLeases.renew(connection, registered, draining));
      if (beat.isEmpty()) {
        startAnew();
      } else {
        slots.resize(Math.max(slots.total(), beat.get().slots()));
        cancelAndReconcile(beat.get().held(), before);
      }
      acknowledged = sent;
      silenced = false;
      return true;
    } catch (SQLException | RuntimeException e) {
      worker.reportDatabase("renewing the leases", e);
      return false;
    }
  }

  /// Declared dead: others run these jobs by now.
  private void startAnew() throws SQLException {
    worker.report("this worker was declared dead while it was silent; it starts anew", null);
    stopAll();
    worker.reincarnated(
        database.once(connection -> RegisterWorker.register(connection, facts.get())));
    slots.ring();
  }

  private void cancelAndReconcile(List<RenewLeases.Held> held, Set<Long> runningBefore)
      throws SQLException {
    Set<Long> heldIds = new HashSet<>();
    Set<LeaseRef> unknown = new HashSet<>();
    for (RenewLeases.Held each : held) {
      heldIds.add(each.lease().executionId());
      RunningExecution execution = worker.running().get(each.lease().executionId());
      if (execution == null) {
        unknown.add(each.lease());
      } else if (each.cancelled()) {
        execution.stop().request(StopSignal.Cause.CANCELLED);
      }
    }
    for (long executionId : runningBefore) {
      RunningExecution execution = worker.running().get(executionId);
      if (execution != null
          && execution.workerId() == worker.registered().id()
          && !heldIds.contains(executionId)) {
        execution.stop().request(StopSignal.Cause.LEASE_LOST);
      }
    }
    // The answer to a claim may still be on its way: only what is unknown twice is given back.
    Set<LeaseRef> abandoned = new HashSet<>(unknown);
    abandoned.retainAll(unknownBefore);
    unknownBefore = unknown;
    for (LeaseRef lease : abandoned) {
      giveBack(lease);
    }
  }

  private void giveBack(LeaseRef lease) throws SQLException {
    Optional<FindLostWork.Orphan> orphan =
        database.once(connection -> FindLostWork.lease(connection, lease));
    if (orphan.isEmpty()) {
      return;
    }
    Outcome outcome =
        new Outcome.Interrupted(
            Outcome.Cause.SHUTDOWN, "its worker lost track of it", Figures.NONE);
    completer.submit(
        new Completer.Completion(
            new FinishJobs.Ended(
                lease, retryPolicy.decide(orphan.get().standing(), outcome), Figures.NONE),
            _ -> slots.ring()));
  }

  private void endChildrenInTime() {
    if (!silenced && acknowledged.age().compareTo(worker.options().timing().killBefore()) > 0) {
      silenced = true;
      worker.report(
          "the database was silent for too long: ending the running jobs before others take them",
          null);
      stopAll();
    }
  }

  private void stopAll() {
    worker.running().all().forEach(each -> each.stop().request(StopSignal.Cause.LEASE_LOST));
  }

  @Override
  public void close() {
    Threads.join(thread);
  }
}
