package dev.aidp.bench;

import dev.aidp.db.queue.EnqueueJobs;
import dev.aidp.worker.engine.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What can be measured, by name.
final class Scenarios {
  private static final long IDLE_MILLIS = 10;
  private static final int WARM_UP_JOBS = 20_000;

  private Scenarios() {}

  /// Jobs that do nothing, all queued before, until the last one's end is stored.
  static Map<String, Object> drain(BenchDatabase database, int jobs, int slots)
      throws InterruptedException {
    runAll(database, WARM_UP_JOBS, slots);
    long walBefore = database.walBytes();
    enqueue(database, jobs);
    long walQueued = database.walBytes();
    double seconds = runQueued(database, jobs, slots);
    long walAfter = database.walBytes();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobs", jobs);
    figures.put("slots", slots);
    figures.put("seconds", seconds);
    figures.put("perSecond", Math.round(jobs / seconds));
    figures.put("walBytesPerJob", (walAfter - walQueued) / jobs);
    figures.put("walBytesPerEnqueue", (walQueued - walBefore) / jobs);
    return figures;
  }

  private static void runAll(BenchDatabase database, int jobs, int slots)
      throws InterruptedException {
    enqueue(database, jobs);
    runQueued(database, jobs, slots);
  }

  /// From the first claim to the last end that was stored: neither side's start-up counts.
  private static double runQueued(BenchDatabase database, int jobs, int slots)
      throws InterruptedException {
    AtomicLong firstClaimNanos = new AtomicLong();
    BenchWorker.Ends ends =
        new BenchWorker.Ends(
            jobs, _ -> firstClaimNanos.compareAndSet(0, System.nanoTime()), _ -> {});
    Worker worker = BenchWorker.start(database.connections(), slots, ends);
    try (worker) {
      ends.await();
      return (System.nanoTime() - firstClaimNanos.get()) / 1e9;
    }
  }

  private static void enqueue(BenchDatabase database, int jobs) {
    database.execute(
        """
        with made as (
          insert into aidp.jobs (name, provider, prompt, max_attempts, workspace, workspace_identity, options)
          select 'bench', '%s', 'nothing', 1, '/tmp', 'bench', '{"environment": "bench"}' from generate_series(1, %d)
          returning id, provider, priority
        )
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select '', provider, priority, clock_timestamp(), id from made
        """
            .formatted(NoopProvider.NAME, jobs));
    // As the peers are given, so that no figure hangs on when autovacuum comes by.
    database.execute("vacuum analyze aidp.jobs, aidp.ready");
  }

  /// One job after another into an idle queue: from the enqueuing commit to the begin of the run.
  static Map<String, Object> latency(BenchDatabase database, int jobs, int slots)
      throws InterruptedException, SQLException {
    LinkedBlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    BenchWorker.Ends ends =
        new BenchWorker.Ends(jobs + 200, _ -> begun.add(System.nanoTime()), _ -> {});
    double[] millis = new double[jobs];
    try (Worker _ = BenchWorker.start(database.connections(), slots, ends);
        Connection connection = database.connections().open("bench")) {
      for (int i = -200; i < jobs; i++) {
        // Idle: what the last job left to do is done.
        Thread.sleep(IDLE_MILLIS);
        long from = System.nanoTime();
        EnqueueJobs.enqueue(connection, NoopProvider.job());
        double took = (begun.take() - from) / 1e6;
        if (i >= 0) {
          millis[i] = took;
        }
      }
      ends.await();
    }
    Arrays.sort(millis);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobs", jobs);
    figures.put("p50Ms", millis[jobs / 2]);
    figures.put("p99Ms", millis[(int) (jobs * 0.99)]);
    figures.put("maxMs", millis[jobs - 1]);
    return figures;
  }

  /// Jobs flow while another transaction that has an id stays open: the last fifth against the
  /// first.
  static Map<String, Object> heldXmin(BenchDatabase database, int jobs, int slots)
      throws InterruptedException, SQLException {
    runAll(database, WARM_UP_JOBS, slots);
    long[] endNanos = new long[jobs];
    AtomicInteger next = new AtomicInteger();
    BenchWorker.Ends ends =
        new BenchWorker.Ends(
            jobs, _ -> {}, _ -> endNanos[next.getAndIncrement()] = System.nanoTime());
    long from;
    try (Connection holder = database.connections().open("bench holder")) {
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        // The timeout is there to end what this deliberately is.
        statement.execute("set local idle_in_transaction_session_timeout = 0");
        statement.execute("select pg_current_xact_id()");
      }
      enqueue(database, jobs);
      from = System.nanoTime();
      try (Worker _ = BenchWorker.start(database.connections(), slots, ends)) {
        ends.await();
      }
      holder.rollback();
    }
    int fifth = jobs / 5;
    double first = fifth / ((endNanos[fifth - 1] - from) / 1e9);
    double last = fifth / ((endNanos[jobs - 1] - endNanos[jobs - 1 - fifth]) / 1e9);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobs", jobs);
    figures.put("seconds", (endNanos[jobs - 1] - from) / 1e9);
    figures.put("perSecond", Math.round(jobs / ((endNanos[jobs - 1] - from) / 1e9)));
    figures.put("firstFifthPerSecond", Math.round(first));
    figures.put("lastFifthPerSecond", Math.round(last));
    figures.put("lastToFirst", last / first);
    return figures;
  }
}
