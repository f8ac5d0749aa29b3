package dev.aidp.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads both pipes of a job to their end, whatever the consumer does.
final class JobOutput {
  private static final int BUFFER_BYTES = 32 << 10;

  private final LineConsumer consumer;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final CountDownLatch reading = new CountDownLatch(2);
  private final CountDownLatch ended = new CountDownLatch(2);
  private @Nullable Throwable failure;
  private boolean mute;

  private final int lineLimitBytes;

  JobOutput(int lineLimitBytes, LineConsumer consumer) {
    this.consumer = consumer;
    this.lineLimitBytes = lineLimitBytes;
  }

  /// Starts a process and reads it. The thread that reads stdout is the one that starts the
  /// process, so that it has the stream before the process can have ended; see [#drain].
  Process start(ProcessBuilder builder, Executor readers) throws StartFailure {
    CompletableFuture<Process> started = new CompletableFuture<>();
    readers.execute(() -> {
      try {
        Process process = Launch.start(builder);
        drain(
            process.getInputStream(),
            OutputLine.Source.STDOUT,
            () -> {
              readers.execute(
                  () -> drain(process.getErrorStream(), OutputLine.Source.STDERR, () -> {}));
              started.complete(process);
            });
      } catch (StartFailure | RuntimeException e) {
        started.completeExceptionally(e);
      }
    });
    try {
      // Not to be interrupted: it would leave a process that nobody knows.
      return started.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("The process could not be started", e.getCause());
    }
  }

  /// Waits until both pipes are at their end, which processes that the job left may put off.
  ///
  /// @return whether they are
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, TimeUnit.MILLISECONDS);
  }

  /// Waits until both readers have their stream; see [#drain].
  boolean awaitReading(long millis) throws InterruptedException {
    return reading.await(millis, TimeUnit.MILLISECONDS);
  }

  /// Gives the consumer no more lines, once this returns. What still comes is drained.
  void mute() {
    oneAtATime.lock();
    try {
      mute = true;
    } finally {
      oneAtATime.unlock();
    }
  }

  /// What the consumer threw.
  Optional<Throwable> failure() {
    oneAtATime.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      oneAtATime.unlock();
    }
  }

  /// Holds the stream's monitor throughout. At the exit of the process the JDK's reaper takes it,
  /// first stdout's and then stderr's, copies what is in the pipe to memory, for as long as
  /// something is, and closes the pipe: output of what the job left behind would be lost, and an
  /// endless one would fill the heap.
  private void drain(InputStream stream, OutputLine.Source source, Runnable begun) {
    LineSplitter lines =
        new LineSplitter(
            lineLimitBytes, (text, dropped) -> deliver(new OutputLine(source, text, dropped)));
    byte[] buffer = new byte[BUFFER_BYTES];
    synchronized (stream) {
      reading.countDown();
      begun.run();
      try {
        boolean split = true;
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          split = split && feed(lines, buffer, n);
        }
        if (split) {
          lines.finish();
        }
        reading.await();
      } catch (IOException | InterruptedException e) {
        // A pipe has no other end than its end, and nobody interrupts a reader.
      } finally {
        ended.countDown();
      }
    }
  }

  /// A line that memory has no room for ends the splitting, not the draining.
  private boolean feed(LineSplitter lines, byte[] buffer, int length) {
    try {
      lines.feed(buffer, 0, length);
      return true;
    } catch (OutOfMemoryError e) {
      fail(e);
      return false;
    }
  }

  private void fail(Throwable cause) {
    oneAtATime.lock();
    try {
      failure = cause;
      mute = true;
    } finally {
      oneAtATime.unlock();
    }
  }

  private void deliver(OutputLine line) {
    oneAtATime.lock();
    try {
      if (!mute) {
        consumer.accept(line);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      oneAtATime.unlock();
    }
  }
}
