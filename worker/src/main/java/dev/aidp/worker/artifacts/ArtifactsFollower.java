package dev.aidp.worker.artifacts;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.engine.WorkerEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets the artifacts of a worker's jobs follow the database, on a thread of its own: entries that
/// were just committed are appended as they are; everything else, and whatever did not fit into the
/// queue, is brought up from the database.
public final class ArtifactsFollower implements WorkerEvents, AutoCloseable {
  private static final int MAX_QUEUED_ENTRIES = 100_000;

  private final Connections connections;
  private final RunArtifacts artifacts;
  private final Consumer<String> warnings;
  private final LinkedBlockingQueue<Step> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger queuedEntries = new AtomicInteger();
  private final Thread thread;
  private @Nullable Connection connection;

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

    record Sync(long jobId) implements Step {}

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
    if (queuedEntries.get() > MAX_QUEUED_ENTRIES) {
      changed(job);
      return;
    }
    queuedEntries.addAndGet(entries.size());
    queue.add(new Step.Append(target.get(), entries));
  }

  @Override
  public void ended(ClaimedJob job, Transition transition) {
    changed(job);
  }

  @Override
  public void lost(ClaimedJob job) {
    changed(job);
  }

  @Override
  public void reaped(long jobId, int execution, @Nullable String workspace) {
    if (workspace != null) {
      queue.add(new Step.Sync(jobId));
    }
  }

  private void changed(ClaimedJob job) {
    if (job.workspace() != null) {
      queue.add(new Step.Sync(job.lease().jobId()));
    }
  }

  private void loop() {
    Set<Long> toSync = new LinkedHashSet<>();
    try {
      while (true) {
        Step first = toSync.isEmpty() ? queue.take() : queue.poll(500, TimeUnit.MILLISECONDS);
        List<Step> steps = new ArrayList<>();
        if (first != null) {
          steps.add(first);
        }
        queue.drainTo(steps);
        boolean end = steps.removeIf(step -> step instanceof Step.End);
        steps.forEach(step -> take(step, toSync));
        syncAll(toSync);
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
        queuedEntries.addAndGet(-entries.size());
        if (!toSync.contains(target.jobId())
            && note(artifacts.append(target, entries)) instanceof RunArtifacts.Result.OutOfStep) {
          toSync.add(target.jobId());
        }
      }
      case Step.Sync(var jobId) -> toSync.add(jobId);
      case Step.End() -> {}
    }
  }

  private RunArtifacts.Result note(RunArtifacts.Result result) {
    if (result instanceof RunArtifacts.Result.Unwritable(var warning) && warning != null) {
      warnings.accept(warning);
    }
    return result;
  }

  /// What fails because the database is away stays in the set and is tried again.
  private void syncAll(Set<Long> toSync) {
    if (toSync.isEmpty()) {
      return;
    }
    try {
      Connection open = connection;
      if (open == null) {
        open = connections.open("worker artifacts");
        connection = open;
      }
      for (Long jobId : List.copyOf(toSync)) {
        note(artifacts.sync(open, jobId));
        toSync.remove(jobId);
      }
    } catch (SQLException | RuntimeException e) {
      disconnect();
      if (!Connections.isTransient(e)) {
        toSync.clear();
        warnings.accept("the artifacts could not follow the database: " + e.getMessage());
      }
    }
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
