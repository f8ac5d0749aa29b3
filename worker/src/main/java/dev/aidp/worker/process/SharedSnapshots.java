package dev.aidp.worker.process;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets jobs that end at the same time share one look at the process table. Thread-safe.
final class SharedSnapshots {
  private final ProcessTable table;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong begun = new AtomicLong();
  private long latestNumber;
  private ProcessTable.@Nullable Snapshot latest;

  SharedSnapshots(ProcessTable table) {
    this.table = table;
  }

  ProcessTable table() {
    return table;
  }

  /// A snapshot that was begun after this call.
  ProcessTable.Snapshot fresh() {
    long wanted = begun.get() + 1;
    lock.lock();
    try {
      ProcessTable.Snapshot snapshot = latest;
      if (snapshot == null || latestNumber < wanted) {
        latestNumber = begun.incrementAndGet();
        snapshot = table.snapshot();
        latest = snapshot;
      }
      return snapshot;
    } finally {
      lock.unlock();
    }
  }
}
