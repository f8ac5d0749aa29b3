package dev.aidp.worker.engine;

import java.time.Duration;

/// Waiting for the worker's own threads.
final class Threads {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Threads() {}

  /// Interrupts a thread that does not end within 15 s. Keeps the caller's interrupt.
  static void join(Thread thread) {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    boolean interrupted = false;
    try {
      if (!thread.join(PATIENCE)) {
        thread.interrupt();
        thread.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      thread.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
