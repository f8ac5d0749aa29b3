package dev.aidp.worker.engine;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimJobs;
import dev.aidp.db.queue.ClaimKey;
import dev.aidp.db.queue.ClaimProbe;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.SweepQueue;
import dev.aidp.db.read.ListPauses;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Claims as many jobs as there are free slots, whenever something tells that there may be some,
/// and at least every two seconds. One thread, one connection.
final class Producer implements AutoCloseable {
  private static final int LARGEST_CLAIM = 1000;

  /// What becomes runnable within this time counts as runnable for `--drain`: the first repetitions
  /// of what failed.
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final Duration PAUSE_WITHOUT_DATABASE = Duration.ofMillis(500);

  private final WorkerContext worker;
  private final ClaimKeys keys;
  private final Slots slots;
  private final Fallback fallback;
  private final Consumer<ClaimedJob> claimed;
  private final Runnable drained;
  private final DatabaseLoop database;
  private final CountDownLatch draining;
  private final Thread thread;
  private long lastSweepNanos = System.nanoTime();
  private boolean swept;
  private boolean claimedSinceSweep;
  private @Nullable Duration nextIn;

  /// Whether the last sweep found nothing that this worker could claim.
  private volatile boolean nothingToClaim;

  /// @param draining opened when nothing more shall be claimed
  /// @param claimed takes each claimed job, for which a slot is already taken
  /// @param drained called, of a worker with `--drain`, when nothing runs and nothing is runnable
  Producer(
      WorkerContext worker,
      ClaimKeys keys,
      Slots slots,
      Fallback fallback,
      Connections connections,
      CountDownLatch draining,
      Consumer<ClaimedJob> claimed,
      Runnable drained) {
    this.worker = worker;
    this.keys = keys;
    this.slots = slots;
    this.fallback = fallback;
    this.claimed = claimed;
    this.drained = drained;
    this.database = new DatabaseLoop(connections, "worker claims", draining);
    this.draining = draining;
    this.thread = Thread.ofPlatform().name("aidp-producer").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  boolean nothingToClaim() {
    return nothingToClaim;
  }

  private void loop() {
    try (database) {
      while (draining.getCount() > 0) {
        try {
          sweepIfDue();
          if (!claimOnce() && !drainsFurther()) {
            slots.awaitRing(untilNextLook());
          }
        } catch (SQLException | RuntimeException e) {
          // Whatever it was: a worker whose producer has died looks alive and does nothing.
          worker.reportDatabase("claiming jobs", e);
          swept = false;
          if (draining.await(PAUSE_WITHOUT_DATABASE.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A worker with `--drain` looks at once whether its last job left it anything, and ends if not.
  private boolean drainsFurther() {
    if (!worker.options().drain() || slots.used() > 0) {
      return false;
    }
    if (claimedSinceSweep) {
      swept = false;
      return true;
    }
    Duration next = untilNextDue();
    if (nothingToClaim && (next == null || next.compareTo(SOON) > 0)) {
      drained.run();
    }
    return false;
  }

  /// Until a job's time comes, or a pause ends; null: none that is known of.
  private @Nullable Duration untilNextDue() {
    Duration due = nextIn;
    return due == null ? null : due.minusNanos(System.nanoTime() - lastSweepNanos);
  }

  private void sweepIfDue() throws SQLException {
    long age = System.nanoTime() - lastSweepNanos;
    Duration due = untilNextDue();
    boolean timeHasCome = due != null && !due.isPositive();
    if (swept
        && !keys.sweepWanted()
        && !timeHasCome
        && age < worker.options().timing().poll().toNanos()) {
      return;
    }
    keys.sweepBegins();
    claimedSinceSweep = false;
    SweepQueue.Swept found = database.once(SweepQueue::sweep);
    List<ListPauses.Pause> pauses = pausesHere();
    keys.replace(
        found.keys(),
        pauses.stream()
            .collect(Collectors.toMap(ListPauses.Pause::provider, ListPauses.Pause::due)));
    keys.add(fallback.divert(database, found.keys(), pauses));
    nextIn = found.nextIn();
    for (ListPauses.Pause pause : pauses) {
      if (pause.left().isPositive() && (nextIn == null || pause.left().compareTo(nextIn) < 0)) {
        nextIn = pause.left();
      }
    }
    lastSweepNanos = System.nanoTime();
    swept = true;
    nothingToClaim = found.keys().stream().noneMatch(keys::mayClaim);
  }

  private List<ListPauses.Pause> pausesHere() throws SQLException {
    String host = worker.options().host().label();
    return database.once(ListPauses::all).stream()
        .filter(pause -> pause.host().equals(host))
        .toList();
  }

  /// @return whether it may be worth looking again at once
  private boolean claimOnce() throws SQLException {
    boolean any = claimProbes();
    for (ClaimKey key : keys.inOrder()) {
      int free = Math.min(slots.free(), LARGEST_CLAIM);
      if (free == 0) {
        return false;
      }
      List<ClaimedJob> jobs = claim(key, keys.watermark(key), free);
      if (jobs.isEmpty() && keys.mayLookFully(key)) {
        long from = System.nanoTime();
        jobs = claim(key, null, free);
        keys.lookedFully(key, Duration.ofNanos(System.nanoTime() - from));
      }
      // Fewer than asked for: the key is empty now, and what comes later rings.
      any |= jobs.size() == free;
    }
    return any;
  }

  private boolean claimProbes() throws SQLException {
    boolean any = false;
    for (ClaimKey key : keys.probes()) {
      if (slots.free() == 0) {
        return any;
      }
      long workerId = worker.registered().id();
      Optional<ClaimedJob> probe =
          database.once(connection -> ClaimProbe.claim(connection, key, workerId));
      if (probe.isPresent()) {
        slots.take(1);
        claimedSinceSweep = true;
        claimed.accept(probe.get());
        // The provider has its probe now.
        keys.wantSweep();
        any = true;
      }
    }
    return any;
  }

  private List<ClaimedJob> claim(ClaimKey key, @Nullable OffsetDateTime watermark, int limit)
      throws SQLException {
    long workerId = worker.registered().id();
    List<ClaimedJob> jobs =
        database.once(connection -> ClaimJobs.claim(connection, key, watermark, workerId, limit));
    if (!jobs.isEmpty()) {
      nothingToClaim = false;
      claimedSinceSweep = true;
      slots.take(jobs.size());
      keys.claimedUpTo(key, jobs.getLast().readyAt());
      jobs.forEach(claimed);
    }
    return jobs;
  }

  private Duration untilNextLook() {
    double jitter = 0.75 + ThreadLocalRandom.current().nextDouble() / 4;
    long millis = (long) (worker.options().timing().poll().toMillis() * jitter);
    Duration due = untilNextDue();
    if (due != null) {
      millis = Math.min(millis, Math.max(1, due.toMillis() + 1));
    }
    return Duration.ofMillis(millis);
  }

  /// Ends soon after `draining` was opened; nothing is claimed afterwards.
  @Override
  public void close() {
    slots.ring();
    Threads.join(thread);
  }
}
