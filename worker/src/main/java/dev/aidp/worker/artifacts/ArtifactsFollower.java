package dev.aidp.worker.artifacts;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.read.FindDependents;
import dev.aidp.db.read.FindPipelineRuns;
import dev.aidp.worker.engine.WorkerEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets the artifacts of a worker's jobs follow the database, on a thread of its own: entries that
/// were just committed are appended as they are; everything else, and whatever did not fit into the
/// queue, is brought up from the database.
public final class ArtifactsFollower implements WorkerEvents, AutoCloseable {
  private static final long MAX_QUEUED_BYTES = 1 << 20;
  private static final int MAX_UNWRITTEN = 1000;
  private static final long PAUSE_MILLIS = 100;

  /// The files follow within a second.
  private static final long RUN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private static final long UNWRITTEN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Connections connections;
  private final RunArtifacts artifacts;
  private final Consumer<String> warnings;
  private final LinkedBlockingQueue<Step> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Thread thread;
  private @Nullable Connection connection;

  /// Jobs whose files could not be written, the one that was tried last at the end. Those who come
  /// too many are left to whatever touches their job next.
  private final Set<Long> unwritten = new LinkedHashSet<>();

  /// Jobs whose end may have changed what needs them.
  private final Set<Long> endings = new LinkedHashSet<>();

  /// Jobs of lost workers, of which nothing else is known.
  private final Set<Long> reaped = new LinkedHashSet<>();

  /// Runs of pipelines that have changed, and when each was brought up last: however many nodes end
  /// at once, a run is looked at a few times a second.
  private final Set<UUID> changedRuns = new LinkedHashSet<>();

  private final Map<UUID, Long> runsSyncedNanos = new HashMap<>();

  private long unwrittenTriedNanos = System.nanoTime();
  private @Nullable Long unwrittenTried;

  /// @param warnings takes what a user should know, once for each workspace
  public ArtifactsFollower(
      Connections connections, RunArtifacts artifacts, Consumer<String> warnings) {
    this.connections = connections;
    this.artifacts = artifacts;
    this.warnings = warnings;
    this.thread = Thread.ofPlatform().name("aidp-artifacts").daemon().unstarted(this::loop);
  }

  private sealed interface Step {
    record Append(RunArtifacts.Target target, List<LogEntry> entries) implements Step {}

    /// @param ended whether the jobs that need it may have changed with it
    record Sync(long jobId, boolean ended) implements Step {}

    record Reaped(long jobId) implements Step {}

    /// Something of a pipeline's run has changed.
    record SyncRun(UUID runId) implements Step {}

    record End() implements Step {}
  }

  public void start() {
    thread.start();
  }

  @Override
  public void claimed(ClaimedJob job) {
    changed(job);
  }

  @Override
  public void logged(ClaimedJob job, List<LogEntry> entries) {
    Optional<RunArtifacts.Target> target = RunArtifacts.Target.of(job);
    if (target.isEmpty()) {
      return;
    }
    if (isNode(job)) {
      changed(job);
      return;
    }
    if (queuedBytes.get() > MAX_QUEUED_BYTES) {
      changed(job);
      return;
    }
    queuedBytes.addAndGet(heapBytes(entries));
    queue.add(new Step.Append(target.get(), entries));
  }

  private static long heapBytes(List<LogEntry> entries) {
    return entries.stream().mapToLong(LogEntry::heapBytes).sum();
  }

  @Override
  public void ended(ClaimedJob job, Transition transition) {
    changed(job, true);
  }

  @Override
  public void lost(ClaimedJob job) {
    changed(job);
  }

  @Override
  public void reaped(long jobId, int execution, @Nullable String workspace) {
    if (workspace != null) {
      queue.add(new Step.Reaped(jobId));
    }
  }

  private void changed(ClaimedJob job) {
    changed(job, false);
  }

  private void changed(ClaimedJob job, boolean ended) {
    if (job.workspace() != null) {
      queue.add(
          isNode(job) ? new Step.SyncRun(job.runId()) : new Step.Sync(job.lease().jobId(), ended));
    }
  }

  private static boolean isNode(ClaimedJob job) {
    return job.options().node() != null;
  }

  private void loop() {
    Set<Long> toSync = new LinkedHashSet<>();
    try {
      while (true) {
        boolean idle =
            toSync.isEmpty() && unwritten.isEmpty() && changedRuns.isEmpty() && reaped.isEmpty();
        Step first = idle ? queue.take() : queue.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        List<Step> steps = new ArrayList<>();
        if (first != null) {
          steps.add(first);
        }
        queue.drainTo(steps);
        boolean end = steps.removeIf(step -> step instanceof Step.End);
        steps.forEach(step -> take(step, toSync));
        tryUnwritten(toSync);
        syncAll(toSync, end);
        if (end) {
          disconnect();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Step step, Set<Long> toSync) {
    switch (step) {
      case Step.Append(var target, var entries) -> {
        queuedBytes.addAndGet(-heapBytes(entries));
        if (!toSync.contains(target.jobId())
            && note(target.jobId(), artifacts.append(target, entries))
                instanceof RunArtifacts.Result.OutOfStep) {
          toSync.add(target.jobId());
        }
      }
      case Step.Sync(var jobId, var ended) -> {
        toSync.add(jobId);
        if (ended) {
          endings.add(jobId);
        }
      }
      case Step.Reaped(var jobId) -> reaped.add(jobId);
      case Step.SyncRun(var runId) -> changedRuns.add(runId);
      case Step.End() -> {}
    }
  }

  private RunArtifacts.Result note(long jobId, RunArtifacts.Result result) {
    if (result instanceof RunArtifacts.Result.Unwritable(var warning)) {
      if (warning != null) {
        warnings.accept(warning);
      }
      if (unwritten.size() < MAX_UNWRITTEN) {
        unwritten.add(jobId);
      }
    }
    return result;
  }

  /// A full disk may have space again. One job is tried at a time: when its files can be written,
  /// so probably can the others.
  private void tryUnwritten(Set<Long> toSync) {
    if (unwritten.isEmpty() || System.nanoTime() - unwrittenTriedNanos < UNWRITTEN_PAUSE_NANOS) {
      return;
    }
    Long first = unwritten.iterator().next();
    unwritten.remove(first);
    toSync.add(first);
    unwrittenTried = first;
    unwrittenTriedNanos = System.nanoTime();
  }

  /// What fails because the database is away stays in the set and is tried again.
  ///
  /// @param atOnce no run waits for its turn
  private void syncAll(Set<Long> toSync, boolean atOnce) {
    if (toSync.isEmpty() && reaped.isEmpty() && changedRuns.isEmpty()) {
      return;
    }
    try {
      Connection open = connection;
      if (open == null) {
        open = connections.open("worker artifacts");
        connection = open;
      }
      sortReaped(open, toSync);
      syncRuns(open, atOnce);
      if (!endings.isEmpty()) {
        toSync.addAll(FindDependents.of(open, endings));
        endings.clear();
      }
      for (Long jobId : List.copyOf(toSync)) {
        RunArtifacts.Result result = note(jobId, artifacts.sync(open, jobId));
        toSync.remove(jobId);
        if (result instanceof RunArtifacts.Result.Written && jobId.equals(unwrittenTried)) {
          toSync.addAll(unwritten);
          unwritten.clear();
        }
      }
    } catch (SQLException | RuntimeException e) {
      disconnect();
      if (!Connections.isTransient(e)) {
        toSync.clear();
        endings.clear();
        reaped.clear();
        changedRuns.clear();
        warnings.accept("the artifacts could not follow the database: " + e.getMessage());
      }
    }
  }

  private void sortReaped(Connection open, Set<Long> toSync) throws SQLException {
    if (reaped.isEmpty()) {
      return;
    }
    Map<Long, UUID> nodes = FindPipelineRuns.of(open, reaped);
    changedRuns.addAll(nodes.values());
    reaped.removeAll(nodes.keySet());
    toSync.addAll(reaped);
    endings.addAll(reaped);
    reaped.clear();
  }

  private void syncRuns(Connection open, boolean atOnce) throws SQLException {
    for (UUID runId : List.copyOf(changedRuns)) {
      Long last = runsSyncedNanos.get(runId);
      if (!atOnce && last != null && System.nanoTime() - last < RUN_PAUSE_NANOS) {
        continue;
      }
      if (artifacts.syncRun(open, runId) instanceof RunArtifacts.Result.Unwritable(var warning)
          && warning != null) {
        warnings.accept(warning);
      }
      changedRuns.remove(runId);
      runsSyncedNanos.put(runId, System.nanoTime());
    }
    runsSyncedNanos.values().removeIf(last -> System.nanoTime() - last >= RUN_PAUSE_NANOS);
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // It is gone either way.
      }
    }
  }

  /// Writes what is queued, then ends. Close it after the worker.
  @Override
  public void close() {
    queue.add(new Step.End());
    try {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
