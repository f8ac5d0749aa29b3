package dev.aidp.worker.engine;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.WorkNotifications;
import dev.aidp.worker.provider.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Hears of jobs and cancels the moment they are committed. Its loss costs latency only.
final class WakeListener implements AutoCloseable {
  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final Duration PAUSE_WITHOUT_DATABASE = Duration.ofSeconds(1);

  private final WorkerContext worker;
  private final ClaimKeys keys;
  private final Slots slots;
  private final Connections connections;
  private final CountDownLatch stopping;
  private final Thread thread;
  private volatile boolean closing;

  WakeListener(WorkerContext worker, ClaimKeys keys, Slots slots, Connections connections) {
    this.worker = worker;
    this.keys = keys;
    this.slots = slots;
    this.connections = connections;
    this.stopping = worker.stopping();
    this.thread = Thread.ofPlatform().name("aidp-wake-listener").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  private void loop() {
    try {
      while (!closing && !stopping.await(0, TimeUnit.MILLISECONDS)) {
        try (WorkNotifications notifications = WorkNotifications.listen(connections)) {
          slots.ring();
          while (!closing) {
            hear(notifications.await(PROBE));
          }
        } catch (SQLException | AidpException e) {
          if (!closing) {
            worker.reportDatabase("listening for jobs", e);
          }
          if (stopping.await(PAUSE_WITHOUT_DATABASE.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(List<WorkNotifications.Notification> notifications) {
    boolean ring = false;
    for (WorkNotifications.Notification each : notifications) {
      switch (each) {
        case WorkNotifications.Notification.Ready(var key) -> ring |= keys.add(List.of(key));
        case WorkNotifications.Notification.Cancel(var jobId) -> cancel(jobId);
      }
    }
    if (ring) {
      slots.ring();
    }
  }

  private void cancel(long jobId) {
    worker.running().all().stream()
        .filter(execution -> execution.job().lease().jobId() == jobId)
        .forEach(execution -> execution.stop().request(StopSignal.Cause.CANCELLED));
  }

  /// The listener may be waiting in its socket: it is a daemon, and its connection dies with it.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
  }
}
