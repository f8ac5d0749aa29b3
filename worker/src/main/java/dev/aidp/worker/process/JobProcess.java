package dev.aidp.worker.process;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A running job's process and all that it started. Thread-safe.
///
/// It has ended when its main process has, its output was read to the end, and nothing of it is
/// left. What the main process leaves behind at its exit has a second to end its output, then is
/// ended itself; the exit code stands.
public final class JobProcess {
  private static final long OUTPUT_GRACE_MILLIS = 1_000;
  private static final Duration LEFTOVER_GRACE = Duration.ofSeconds(1);

  private final Process process;
  private final JobOutput output;
  private final Supplier<ProcessHunt> hunts;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private @Nullable Stop stop;

  private record Stop(ProcessHunt hunt, CompletableFuture<Boolean> done) {}

  JobProcess(Process process, JobOutput output, Supplier<ProcessHunt> hunts) {
    this.process = process;
    this.output = output;
    this.hunts = hunts;
  }

  /// Waits for the end of it all.
  ///
  /// @return the exit code of the main process, 128+n if signal n killed it
  /// @throws IllegalStateException if the consumer threw; its exception is the cause
  public int await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The output was not taken", e.getCause());
    }
  }

  /// As [#await()], for no longer than this.
  ///
  /// @return empty if it has not ended by then
  public OptionalInt await(Duration limit) throws InterruptedException {
    try {
      return OptionalInt.of(ended.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return OptionalInt.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The output was not taken", e.getCause());
    }
  }

  /// Ends it: TERM to everything that belongs to it, and KILL to what is left after the grace,
  /// until nothing is. Blocks until then. Called again meanwhile, it waits too, and shortens the
  /// grace if its own ends sooner.
  ///
  /// @return false if something could not be killed within 5 s (stuck in the kernel, or another
  ///   user's)
  public boolean stop(Duration grace) throws InterruptedException {
    Stop current;
    boolean mine = false;
    synchronized (this) {
      current = stop;
      if (current == null) {
        if (ended.isDone()) {
          return true;
        }
        mine = true;
        current = new Stop(hunts.get(), new CompletableFuture<>());
        stop = current;
      }
    }
    if (mine) {
      runStop(current, grace);
    } else {
      current.hunt().shorten(grace);
    }
    try {
      boolean gone = current.done().get();
      if (gone) {
        awaitEnded();
      }
      return gone;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The process could not be stopped", e.getCause());
    }
  }

  /// Whether it has not ended.
  public boolean isRunning() {
    return !ended.isDone();
  }

  /// Whether the main process is alive; what it left may not be ended yet.
  public boolean isMainAlive() {
    return process.isAlive();
  }

  /// The pid of the main process, which is its session too.
  public long pid() {
    return process.pid();
  }

  /// Follows the process to its end, then runs `release`.
  void watch(Runnable release) {
    Thread.ofVirtual()
        .name("job-process-" + process.pid())
        .start(() -> {
          try {
            int exitCode = followToEnd();
            release.run();
            output
                .failure()
                .ifPresentOrElse(ended::completeExceptionally, () -> ended.complete(exitCode));
          } catch (InterruptedException | RuntimeException | Error e) {
            release.run();
            ended.completeExceptionally(e);
          }
        });
  }

  /// In a thread of its own, since an interrupt of the caller must not leave it half done.
  private static void runStop(Stop stop, Duration grace) {
    Thread.ofVirtual()
        .name("job-stop")
        .start(() -> {
          try {
            stop.done().complete(stop.hunt().end(grace));
          } catch (InterruptedException | RuntimeException e) {
            stop.done().completeExceptionally(e);
          }
        });
  }

  private int followToEnd() throws InterruptedException {
    int exitCode = process.waitFor();
    awaitOutputOrStop();
    Stop stopping = currentStop();
    if (stopping != null) {
      stopping.done().handle((gone, failure) -> gone).join();
    } else {
      hunts.get().end(LEFTOVER_GRACE);
    }
    while (!output.awaitEnd(OUTPUT_GRACE_MILLIS)) {
      if (!output.isDelivering()) {
        output.mute();
        break;
      }
    }
    return exitCode;
  }

  private void awaitOutputOrStop() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OUTPUT_GRACE_MILLIS);
    while (currentStop() == null && System.nanoTime() - until < 0) {
      if (output.awaitEnd(50)) {
        return;
      }
    }
  }

  private synchronized @Nullable Stop currentStop() {
    return stop;
  }

  private void awaitEnded() throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      // The consumer's failure: for await() to throw.
    }
  }
}
