package dev.aidp.worker.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many jobs may run, and the bell that wakes the producer. Thread-safe.
final class Slots {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int total;
  private int used;
  private boolean rung;

  Slots(int total) {
    this.total = total;
  }

  int free() {
    lock.lock();
    try {
      return Math.max(0, total - used);
    } finally {
      lock.unlock();
    }
  }

  int used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  int total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  void take(int count) {
    lock.lock();
    try {
      used += count;
    } finally {
      lock.unlock();
    }
  }

  /// Gives slots back without a ring: a batch of ends is followed by one, so that the next claim
  /// takes as much as the batch freed.
  void release(int count) {
    lock.lock();
    try {
      used -= count;
      if (used == 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void resize(int newTotal) {
    lock.lock();
    try {
      if (total != newTotal) {
        total = newTotal;
        ring();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Something may be claimable now.
  void ring() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until rung, at most so long. A ring that came before counts, once.
  void awaitRing(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (!rung && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      rung = false;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until nothing runs.
  ///
  /// @return whether nothing does
  boolean awaitIdle(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.NANOSECONDS.convert(limit);
      while (used > 0 && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return used == 0;
    } finally {
      lock.unlock();
    }
  }
}
