package dev.aidp.db.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Waits for a server that somebody else started or stopped.
final class ServerWait {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private ServerWait() {}

  /// Whether it became ready; false when it is gone, or was too slow
  static boolean untilSettled(Cluster cluster) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted()) {
      Optional<Postmaster> postmaster = Postmaster.read(cluster.data());
      if (postmaster.isPresent() && postmaster.get().ready()) {
        return true;
      }
      if (postmaster.isEmpty() || !Host.runsPostgres(postmaster.get().pid(), cluster.data())) {
        return false;
      }
      // The state is in a file of another process; there is nothing to be woken by.
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  /// Whether the postmaster ended in time. It is not our child, and where nobody reaps it, it stays
  /// as a zombie: so its program is looked at, not its process id.
  static boolean untilGone(long pid, Cluster cluster, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (Host.runsPostgres(pid, cluster.data())) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }
}
