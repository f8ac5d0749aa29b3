package dev.aidp.worker.engine;

import dev.aidp.db.queue.ClaimKey;
import dev.aidp.db.queue.NotifyReady;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Wakes this worker at once, and the others at most every 100 ms, when it lined jobs up.
final class ReadyNotifier {
  private static final long COALESCE_MILLIS = 100;

  private final WorkerContext worker;
  private final ClaimKeys keys;
  private final Slots slots;
  private final Set<ClaimKey> pending = new HashSet<>();

  ReadyNotifier(WorkerContext worker, ClaimKeys keys, Slots slots) {
    this.worker = worker;
    this.keys = keys;
    this.slots = slots;
  }

  void released(Set<ClaimKey> released) {
    if (keys.add(released)) {
      slots.ring();
    }
    boolean first;
    synchronized (pending) {
      first = pending.isEmpty();
      pending.addAll(released);
    }
    if (first && !released.isEmpty()) {
      try {
        var _ = worker.scheduler().schedule(this::send, COALESCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // The worker stops; the others poll.
      }
    }
  }

  private void send() {
    Set<ClaimKey> toSend;
    synchronized (pending) {
      toSend = Set.copyOf(pending);
      pending.clear();
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      database.once(connection -> {
        NotifyReady.notifyReady(connection, toSend);
        return true;
      });
    } catch (SQLException | RuntimeException e) {
      // A lost wake-up costs the others' poll interval.
      worker.report("waking the other workers failed: " + e.getMessage(), null);
    }
  }
}
