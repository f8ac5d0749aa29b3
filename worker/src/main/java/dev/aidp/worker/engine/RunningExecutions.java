package dev.aidp.worker.engine;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What this worker believes that it runs. Thread-safe.
final class RunningExecutions {
  private final ConcurrentHashMap<Long, RunningExecution> byExecutionId = new ConcurrentHashMap<>();
  private final AtomicInteger waitingForLogs = new AtomicInteger();

  void add(RunningExecution execution) {
    byExecutionId.put(execution.job().lease().executionId(), execution);
  }

  void remove(long executionId) {
    byExecutionId.remove(executionId);
  }

  Collection<RunningExecution> all() {
    return byExecutionId.values();
  }

  @Nullable RunningExecution get(long executionId) {
    return byExecutionId.get(executionId);
  }

  Set<Long> executionIds() {
    return Set.copyOf(byExecutionId.keySet());
  }

  /// An execution has ended and waits until its log is stored: no time to gather.
  void awaitStored(ExecutionLog log, Runnable ring) throws InterruptedException {
    waitingForLogs.incrementAndGet();
    try {
      ring.run();
      log.awaitStored();
    } finally {
      waitingForLogs.decrementAndGet();
    }
  }

  boolean anyoneWaitsForLogs() {
    return waitingForLogs.get() > 0;
  }
}
