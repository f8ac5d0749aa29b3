package dev.aidp.worker.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks one execution to end. The first cause stands; none is taken once the execution has settled.
/// Thread-safe.
public final class StopSignal {
  /// Why it shall end.
  public enum Cause {
    CANCELLED,
    SHUTDOWN,
    /// Somebody else owns the job now: the result will be refused.
    LEASE_LOST,
    /// The wall-clock limit.
    TIMEOUT,
    /// No output for too long.
    STALLED,
    /// Cost or tokens have reached a limit.
    BUDGET
  }

  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable Cause cause;
  private boolean settled;

  /// Asks for the end. Listeners are called on this thread.
  public void request(Cause why) {
    List<Runnable> toCall;
    synchronized (this) {
      if (cause != null || settled) {
        return;
      }
      cause = why;
      toCall = List.copyOf(listeners);
    }
    requested.countDown();
    toCall.forEach(Runnable::run);
  }

  /// The execution has ended by itself: what is asked for from now on comes too late.
  public synchronized void settle() {
    settled = true;
  }

  public synchronized @Nullable Cause cause() {
    return cause;
  }

  /// Calls the listener when the end is asked for; at once if it was already.
  public void onRequest(Runnable listener) {
    synchronized (this) {
      if (cause == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /// Waits as a sleeping execution does.
  ///
  /// @return whether the end was asked for
  public boolean await(Duration limit) throws InterruptedException {
    return requested.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
