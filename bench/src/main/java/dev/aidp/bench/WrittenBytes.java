package dev.aidp.bench;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What was written to a terminal. Safe for use by several threads.
final class WrittenBytes extends OutputStream {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long count;
  private @Nullable Throwable failure;

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] from, int offset, int length) {
    bytes.write(from, offset, length);
    count += length;
    notifyAll();
  }

  synchronized long count() {
    return count;
  }

  /// What was written so far is not looked at any more.
  synchronized void forget() {
    bytes.reset();
  }

  /// Nothing more will be written: whoever waits fails with this.
  synchronized void fail(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  /// Waits until something has been written since [#forget()] that contains a text.
  synchronized void await(String text, Duration limit) throws InterruptedException {
    await(() -> bytes.toString(StandardCharsets.UTF_8).contains(text), limit);
  }

  /// Waits until more than so many bytes have been written.
  synchronized void awaitMore(long than, Duration limit) throws InterruptedException {
    await(() -> count > than, limit);
  }

  private synchronized void await(BooleanSupplier condition, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0 || failure != null) {
        throw new IllegalStateException("the terminal did not show it:\n" + bytes, failure);
      }
      wait(left);
    }
  }
}
