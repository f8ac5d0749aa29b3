package dev.aidp.cli.tui.data;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Asks the source once a second for what is wanted, at once when something else is wanted or was
/// done, and after failures with growing pauses. On a thread of its own; posts what it learns.
public final class Poller implements AutoCloseable {
  /// How long the thread may take to end; it may be waiting for a database that does not answer.
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final JobsSource source;
  private final JobActions actions;
  private final Duration interval;
  private final Listener listener;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Request> requests = new ArrayDeque<>();
  private Want want;
  private boolean wanted = true;
  private boolean closed;
  private boolean held;

  /// Called on the poller's thread; must not block.
  public interface Listener {
    void answered(Snapshot snapshot);

    void failed(AidpException failure);

    /// @param done null if it was not
    /// @param failure null if it was
    void performed(Request request, @Nullable Done done, @Nullable AidpException failure);
  }

  public Poller(
      JobsSource source, JobActions actions, Duration interval, Want first, Listener listener) {
    this.source = source;
    this.actions = actions;
    this.interval = interval;
    this.want = first;
    this.listener = listener;
    thread = new Thread(this::run, "aidp-table-poller");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /// From any thread; returns at once.
  public void want(Want next) {
    lock.lock();
    try {
      if (!next.equals(want)) {
        want = next;
        wanted = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Asks for nothing until that ends. From any thread; returns at once.
  public void hold(boolean on) {
    lock.lock();
    try {
      held = on;
      wanted = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// From any thread; returns at once.
  public void request(Request request) {
    lock.lock();
    try {
      requests.add(request);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Duration pause = Duration.ZERO;
    try {
      while (await(pause)) {
        performAll();
        pause = poll() ? Duration.ZERO : longer(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      source.close();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.isZero() ? Duration.ofSeconds(1) : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /// Until something is to be done.
  ///
  /// @param pause after a failure; nothing but its end ends it, or a held key would hammer
  /// @return false when closed
  private boolean await(Duration pause) throws InterruptedException {
    boolean failing = !pause.isZero();
    long nanos = failing ? pause.toNanos() : interval.toNanos();
    lock.lock();
    try {
      while (!closed && (held || (nanos > 0 && (failing || (!wanted && requests.isEmpty()))))) {
        if (held) {
          changed.await();
        } else {
          nanos = changed.awaitNanos(nanos);
        }
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void performAll() {
    for (Request request = next(); request != null; request = next()) {
      try {
        listener.performed(request, actions.perform(request), null);
      } catch (RuntimeException e) {
        listener.performed(request, null, shown(e));
      }
    }
  }

  /// A defect must not end the thread, for the table would then be stale without a word.
  private static AidpException shown(RuntimeException e) {
    return e instanceof AidpException failure
        ? failure
        : new AidpException(ErrorCategory.INTERNAL, e.toString(), null, e);
  }

  private @Nullable Request next() {
    lock.lock();
    try {
      return requests.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean poll() {
    try {
      Snapshot snapshot = source.read(takeWant());
      listener.answered(snapshot);
      if (!snapshot.body().complete()) {
        askAgain();
      }
      return true;
    } catch (RuntimeException e) {
      listener.failed(shown(e));
      return false;
    }
  }

  private void askAgain() {
    lock.lock();
    try {
      wanted = true;
    } finally {
      lock.unlock();
    }
  }

  private Want takeWant() {
    lock.lock();
    try {
      wanted = false;
      return want;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(CLOSE_LIMIT.toMillis(), 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
