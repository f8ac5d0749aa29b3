package dev.aidp.worker.engine;

import dev.aidp.db.queue.ReadSpent;
import dev.aidp.db.queue.RecordSpending;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Stores every few seconds what the running executions have used so far: a crash then loses no
/// more than that, and others see it. In turn it looks what others have spent of the budgets that
/// executions of this worker share with them. Asks nothing of the database where there is neither.
final class SpendingKeeper implements AutoCloseable {
  private final WorkerContext worker;
  private final Thread thread;

  SpendingKeeper(WorkerContext worker) {
    this.worker = worker;
    this.thread = Thread.ofPlatform().name("aidp-spending").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  private void loop() {
    long everyMillis = worker.options().timing().heartbeat().toMillis();
    try {
      while (!worker.stopping().await(everyMillis, TimeUnit.MILLISECONDS)) {
        store();
        lookAtOthers();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void store() {
    List<RecordSpending.Entry> entries = new ArrayList<>();
    for (RunningExecution execution : worker.running().all()) {
      Spending spending = execution.log().spending();
      if (spending.takeChange()) {
        entries.add(
            new RecordSpending.Entry(
                execution.job().lease(),
                spending.usage(),
                spending.estimate(),
                spending.estimate() != null));
      }
    }
    if (entries.isEmpty()) {
      return;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      database.once(connection -> {
        RecordSpending.record(connection, entries);
        return entries;
      });
    } catch (SQLException | RuntimeException e) {
      // The next figures, or the end of the execution, make up for it.
      worker.reportDatabase("storing what was used", e);
    }
  }

  private void lookAtOthers() {
    for (RunningExecution execution : worker.running().all()) {
      Spending spending = execution.log().spending();
      SpendingLimits limits = spending.limits();
      if (limits.areShared()) {
        try (DatabaseLoop database = worker.borrowConnection()) {
          spending.others(
              database.once(connection ->
                  ReadSpent.beside(connection, execution.job().lease(), !limits.day().isNone())));
        } catch (SQLException | RuntimeException e) {
          worker.reportDatabase("reading what was spent", e);
          return;
        }
      }
    }
  }

  /// After `stopping` was opened.
  @Override
  public void close() {
    Threads.join(thread);
  }
}
