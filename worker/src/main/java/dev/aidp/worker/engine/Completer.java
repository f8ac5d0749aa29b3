package dev.aidp.worker.engine;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimKey;
import dev.aidp.db.queue.FinishJobs;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Writes the ends of executions back, in batches: what comes while one is being written goes with
/// the next one, so that a lone completion waits for nobody. Holds them while the database is away.
final class Completer implements AutoCloseable {
  private static final int LARGEST_BATCH = 1000;

  private final DatabaseLoop database;
  private final CountDownLatch stopping;
  private final Consumer<Set<ClaimKey>> released;
  private final Runnable written;
  private final LinkedBlockingQueue<Completion> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  /// @param stored called when its end is in the database, or was refused, on the completer's
  ///   thread
  record Completion(FinishJobs.Ended ended, Consumer<Result> stored) {}

  /// What became of a completion.
  enum Result {
    STORED,
    /// Somebody else had ended the execution: nothing was written.
    REFUSED
  }

  /// @param released called with the keys under which a batch lined jobs up
  Completer(
      Connections connections,
      CountDownLatch stopping,
      Consumer<Set<ClaimKey>> released,
      Runnable written) {
    this.database = new DatabaseLoop(connections, "worker completions", stopping);
    this.stopping = stopping;
    this.released = released;
    this.written = written;
    this.thread = Thread.ofPlatform().name("aidp-completer").daemon().unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  void submit(Completion completion) {
    queue.add(completion);
  }

  private void loop() {
    List<Completion> batch = new ArrayList<>();
    try (database) {
      while (stopping.getCount() > 0 || !queue.isEmpty()) {
        Completion first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, LARGEST_BATCH - 1);
        write(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseLoop.Unreachable e) {
      // The worker stops without the database: its leases run out, and others take over.
    }
  }

  private void write(List<Completion> batch) throws InterruptedException, DatabaseLoop.Unreachable {
    try {
      settle(batch, finish(batch.stream().map(Completion::ended).toList()));
    } catch (SQLException | RuntimeException e) {
      if (batch.size() > 1) {
        for (Completion completion : batch) {
          write(List.of(completion));
        }
      } else {
        writeRefused(batch.getFirst(), e);
      }
    }
  }

  private FinishJobs.Result finish(List<FinishJobs.Ended> ended)
      throws SQLException, InterruptedException, DatabaseLoop.Unreachable {
    return database.repeat(connection -> FinishJobs.finish(connection, ended));
  }

  private void settle(List<Completion> batch, FinishJobs.Result result) {
    for (Completion completion : batch) {
      boolean lost = result.lost().contains(completion.ended().lease().executionId());
      completion.stored().accept(lost ? Result.REFUSED : Result.STORED);
    }
    if (!result.ready().isEmpty()) {
      released.accept(result.ready());
    }
    written.run();
  }

  /// The database will never take this end as it is: fail the job instead of holding its lease for
  /// ever.
  private void writeRefused(Completion completion, Exception cause)
      throws InterruptedException, DatabaseLoop.Unreachable {
    Transition failed =
        new Transition(
            JobStatus.FAILED,
            JobStatus.FAILED,
            false,
            false,
            null,
            null,
            "its end could not be stored: " + cause.getMessage(),
            ErrorClass.UNKNOWN);
    FinishJobs.Ended ended = new FinishJobs.Ended(completion.ended().lease(), failed, Figures.NONE);
    try {
      settle(List.of(completion), finish(List.of(ended)));
    } catch (SQLException | RuntimeException e) {
      completion.stored().accept(Result.REFUSED);
      written.run();
    }
  }

  /// Writes what was submitted, then ends.
  @Override
  public void close() {
    Threads.join(thread);
  }
}
