package dev.aidp.worker.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads both pipes of a job to their end, whatever the consumer does.
final class JobOutput {
  private static final int BUFFER_BYTES = 32 << 10;

  private final LineConsumer consumer;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(2);
  private final AtomicInteger open = new AtomicInteger(2);
  private @Nullable Throwable failure;
  private boolean mute;
  private volatile boolean delivering;

  private final int lineLimitBytes;

  JobOutput(int lineLimitBytes, LineConsumer consumer) {
    this.consumer = consumer;
    this.lineLimitBytes = lineLimitBytes;
  }

  /// Starts a process and reads it.
  Process start(ProcessBuilder builder, OutputPipes pipes, Executor readers) throws StartFailure {
    try {
      OutputPipes.Pair pair = pipes.take();
      // A pipe that is open for both ends blocks no opener, and has no end before the child has it.
      RandomAccessFile stdoutHeld = new RandomAccessFile(pair.stdout().toFile(), "rw");
      RandomAccessFile stderrHeld = new RandomAccessFile(pair.stderr().toFile(), "rw");
      try {
        Runnable giveBack = () -> pipes.giveBack(pair);
        read(pair.stdout(), OutputLine.Source.STDOUT, readers, giveBack);
        read(pair.stderr(), OutputLine.Source.STDERR, readers, giveBack);
        return Launch.start(
            builder
                .redirectOutput(Redirect.to(pair.stdout().toFile()))
                .redirectError(Redirect.to(pair.stderr().toFile())));
      } finally {
        stdoutHeld.close();
        stderrHeld.close();
      }
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.Kind.REFUSED_BY_SYSTEM, "No pipes for the output: " + e.getMessage(), e);
    }
  }

  /// Waits until both pipes are at their end, which processes that the job left may put off.
  ///
  /// @return whether they are
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, TimeUnit.MILLISECONDS);
  }

  /// Whether the consumer is at work on a line: what is slow then is not the job.
  boolean isDelivering() {
    return delivering;
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

  private void read(Path pipe, OutputLine.Source source, Executor readers, Runnable giveBack)
      throws IOException {
    FileInputStream stream = new FileInputStream(pipe.toFile());
    LineSplitter lines =
        new LineSplitter(
            lineLimitBytes, (text, dropped) -> deliver(new OutputLine(source, text, dropped)));
    readers.execute(() -> drain(stream, lines, giveBack));
  }

  private void drain(InputStream stream, LineSplitter lines, Runnable giveBack) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (stream) {
      boolean split = true;
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        split = split && feed(lines, buffer, n);
      }
      if (split) {
        lines.finish();
      }
    } catch (IOException e) {
      // A pipe has no other end than its end.
    } finally {
      if (open.decrementAndGet() == 0) {
        giveBack.run();
      }
      ended.countDown();
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
        delivering = true;
        consumer.accept(line);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      delivering = false;
      oneAtATime.unlock();
    }
  }
}
