package dev.aidp.bench;

import dev.aidp.core.outcome.Transition;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.engine.Worker;
import dev.aidp.worker.engine.WorkerEvents;
import dev.aidp.worker.engine.WorkerOptions;
import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.price.SpendingRules;
import dev.aidp.worker.provider.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A worker of this process, that runs jobs which do nothing if it is not told otherwise.
final class BenchWorker {
  private BenchWorker() {}

  /// Counts ends, and reports each.
  static final class Ends implements WorkerEvents {
    private final CountDownLatch remaining;
    private final LongConsumer each;
    private final LongConsumer claim;

    Ends(int jobs, LongConsumer claim, LongConsumer each) {
      this.remaining = new CountDownLatch(jobs);
      this.claim = claim;
      this.each = each;
    }

    @Override
    public void claimed(ClaimedJob job) {
      claim.accept(job.lease().jobId());
    }

    @Override
    public void ended(ClaimedJob job, Transition transition) {
      each.accept(job.lease().jobId());
      remaining.countDown();
    }

    @Override
    public void problem(String what, @Nullable Throwable failure) {
      System.err.println("worker: " + what);
    }

    void await() throws InterruptedException {
      remaining.await();
    }
  }

  static Worker start(Connections connections, int slots, WorkerEvents events) {
    return start(home(), connections, slots, new NoopProvider(), events);
  }

  static Path home() {
    try {
      return Files.createTempDirectory("aidp-bench-worker");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Worker start(
      Path home, Connections connections, int slots, Provider provider, WorkerEvents events) {
    Worker worker =
        new Worker(
            new WorkerOptions(
                home,
                HostIdentity.current(home, Map.of("AIDP_HOST", "bench")),
                slots,
                List.of(provider),
                Map.of(),
                _ -> Optional.of(Map.of("PATH", System.getenv("PATH"))),
                _ -> SpendingRules.NONE,
                false,
                null,
                false,
                true,
                WorkerOptions.Timing.STANDARD,
                "bench"),
            connections,
            events,
            InstantSource.system());
    worker.start();
    return worker;
  }
}
