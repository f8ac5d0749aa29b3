package dev.aidp.worker.engine;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.AppendLogs;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.provider.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Stores what the executions of this worker say, all of them in one transaction after another, on
/// a thread and a connection of its own. While the database is away the logs wait in their spools.
final class LogWriter implements AutoCloseable {
  private static final Duration GATHER = Duration.ofMillis(100);

  // Small enough to die young in the heap; more would not be quicker.
  private static final int BATCH_BYTES = 2 << 20;
  private static final int EXECUTION_BYTES = 512 << 10;

  private final RunningExecutions running;
  private final DatabaseLoop database;
  private final CountDownLatch stopping;
  private final BiConsumer<ClaimedJob, List<LogEntry>> stored;
  private final Semaphore bell = new Semaphore(0);
  private final Thread thread;

  /// @param stored called after each commit with what it stored, on the writer's thread
  LogWriter(
      RunningExecutions running,
      Connections connections,
      CountDownLatch stopping,
      BiConsumer<ClaimedJob, List<LogEntry>> stored) {
    this.running = running;
    this.database = new DatabaseLoop(connections, "worker logs", stopping);
    this.stopping = stopping;
    this.stored = stored;
    this.thread = Thread.ofPlatform().name("aidp-log-writer").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /// There is something to store.
  void ring() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  private void loop() {
    try (database) {
      while (stopping.getCount() > 0) {
        if (!writeOnce() && bell.tryAcquire(1, TimeUnit.SECONDS)) {
          bell.drainPermits();
          if (!running.anyoneWaitsForLogs()) {
            // More comes in a moment: one transaction for all of it.
            bell.tryAcquire(GATHER.toMillis(), TimeUnit.MILLISECONDS);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseLoop.Unreachable e) {
      // The worker stops; what is not stored is lost with its executions.
    }
  }

  private boolean writeOnce() throws InterruptedException, DatabaseLoop.Unreachable {
    Map<RunningExecution, AppendLogs.Batch> batches = new LinkedHashMap<>();
    int budget = BATCH_BYTES;
    for (RunningExecution execution : running.all()) {
      AppendLogs.Batch batch = execution.log().next(Math.min(EXECUTION_BYTES, budget));
      if (batch != null) {
        batches.put(execution, batch);
        budget -= (int) batch.entries().stream().mapToLong(LogEntry::heapBytes).sum();
        if (budget <= 0) {
          break;
        }
      }
    }
    if (batches.isEmpty()) {
      return false;
    }
    store(batches);
    return true;
  }

  private void store(Map<RunningExecution, AppendLogs.Batch> batches)
      throws InterruptedException, DatabaseLoop.Unreachable {
    try {
      List<AppendLogs.Batch> list = List.copyOf(batches.values());
      Set<Long> lost = database.repeat(connection -> AppendLogs.append(connection, list));
      batches.forEach((execution, batch) -> settle(execution, batch, lost));
    } catch (SQLException | RuntimeException e) {
      storeOneByOne(batches, e);
    }
  }

  private void settle(RunningExecution execution, AppendLogs.Batch batch, Set<Long> lost) {
    if (lost.contains(batch.lease().executionId())) {
      execution.log().discard();
      execution.stop().request(StopSignal.Cause.LEASE_LOST);
      return;
    }
    execution.log().acknowledge(batch);
    if (!batch.entries().isEmpty()) {
      stored.accept(execution.job(), batch.entries());
    }
  }

  /// Something in the batch cannot be stored: it must not take the rest with it.
  private void storeOneByOne(Map<RunningExecution, AppendLogs.Batch> batches, Exception cause)
      throws InterruptedException, DatabaseLoop.Unreachable {
    for (Map.Entry<RunningExecution, AppendLogs.Batch> each : batches.entrySet()) {
      AppendLogs.Batch batch = each.getValue();
      try {
        Set<Long> lost =
            database.repeat(connection -> AppendLogs.append(connection, List.of(batch)));
        settle(each.getKey(), batch, lost);
      } catch (SQLException | RuntimeException e) {
        storeWithoutText(each.getKey(), batch, cause);
      }
    }
  }

  private void storeWithoutText(RunningExecution execution, AppendLogs.Batch batch, Exception cause)
      throws InterruptedException, DatabaseLoop.Unreachable {
    List<LogEntry> notes = new ArrayList<>();
    for (LogEntry entry : batch.entries()) {
      notes.add(
          new LogEntry(
              entry.jobId(),
              entry.attempt(),
              entry.seq(),
              entry.timestamp(),
              LogLevel.WARN,
              LogCategory.SYSTEM,
              "this entry could not be stored: " + cause.getMessage(),
              null));
    }
    AppendLogs.Batch replaced =
        new AppendLogs.Batch(batch.lease(), notes, batch.sessionId(), null, batch.pid());
    try {
      Set<Long> lost =
          database.repeat(connection -> AppendLogs.append(connection, List.of(replaced)));
      settle(execution, replaced, lost);
    } catch (SQLException | RuntimeException e) {
      execution.log().discard();
      execution.stop().request(StopSignal.Cause.LEASE_LOST);
    }
  }

  /// Waits for the thread, which ends soon after the worker's stop latch was opened.
  @Override
  public void close() {
    ring();
    Threads.join(thread);
  }
}
