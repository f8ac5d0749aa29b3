package dev.aidp.worker.engine;

import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.LiftPause;
import java.sql.SQLException;

/// Ends a provider's pause the moment its probe was answered, while the probe runs on.
final class PauseLifter {
  private final WorkerContext worker;
  private final ClaimKeys keys;
  private final Slots slots;

  PauseLifter(WorkerContext worker, ClaimKeys keys, Slots slots) {
    this.worker = worker;
    this.keys = keys;
    this.slots = slots;
  }

  /// Returns at once. If the worker ends before it is done, the probe's place becomes free with its
  /// lease, and another job goes first.
  void answered(ClaimedJob probe) {
    Thread.ofVirtual().name("aidp-pause-lifter").start(() -> lift(probe));
  }

  private void lift(ClaimedJob probe) {
    long executionId = probe.lease().executionId();
    try (DatabaseLoop database = worker.borrowConnection()) {
      var _ = database.repeat(connection -> LiftPause.ofProbe(connection, executionId));
      keys.wantSweep();
      slots.ring();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      worker.reportDatabase("ending the pause of " + probe.provider(), e);
    } catch (DatabaseLoop.Unreachable e) {
      // The worker stops without the database.
    }
  }
}
