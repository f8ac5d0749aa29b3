package dev.aidp.cli.tui;

import dev.aidp.cli.tui.screen.Event;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Lets a dead background worker be replaced, on a thread of its own: to start one takes longer
/// than a poll may.
final class WorkerKeeper implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Runnable ensureWorker;
  private final Consumer<Event> post;
  private final Thread thread;
  private final Semaphore due = new Semaphore(0);
  private volatile boolean reachable;
  private volatile boolean closed;
  private String said = "";

  WorkerKeeper(Runnable ensureWorker, Consumer<Event> post) {
    this.ensureWorker = ensureWorker;
    this.post = post;
    thread = new Thread(this::run, "aidp-table-workers");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /// @param answered the database answered: it is worth trying
  /// @param now something was made runnable
  void needed(boolean answered, boolean now) {
    reachable |= answered;
    if (now) {
      due.release();
    }
  }

  private void run() {
    try {
      while (!closed) {
        due.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        due.drainPermits();
        if (reachable && !closed) {
          reachable = false;
          ensure();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ensure() {
    try {
      ensureWorker.run();
      said = "";
    } catch (AidpException e) {
      // That the database does not answer is seen without it.
      if (e.category() != ErrorCategory.DATABASE) {
        say(String.valueOf(e.getMessage()));
      }
    } catch (RuntimeException e) {
      say(e.toString());
    }
  }

  /// Once, not every few seconds.
  private void say(String problem) {
    if (!problem.equals(said)) {
      said = problem;
      post.accept(new Event.Noted("no worker could be started: " + problem));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
