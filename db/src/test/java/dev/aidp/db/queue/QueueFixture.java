package dev.aidp.db.queue;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A database with a queue in it, and the shortest words for what tests do to it. The connection is
/// for the test's own thread; others open theirs.
final class QueueFixture implements AutoCloseable {
  /// How long a test waits for anything at all.
  static final Duration LIMIT = Duration.ofSeconds(60);

  static final ClaimKey SHELL = new ClaimKey("", "shell", 0);

  final TestDatabase database = TestDatabase.create();
  final Connection connection = open();
  private final List<Connection> others = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Connection open() {
    return database.connections().open("worker test");
  }

  /// Runs on a thread of its own.
  <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Runs the same on several threads at once, each with a connection of its own.
  <T> List<T> together(int count, OnConnection<T> work) throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (others.size() == i) {
        others.add(open());
      }
      Connection own = others.get(i);
      int number = i;
      all.add(
          start(() -> {
            go.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return work.run(own, number);
          }));
    }
    go.complete(null);
    List<T> results = new ArrayList<>();
    for (Future<T> one : all) {
      results.add(await(one));
    }
    return results;
  }

  interface OnConnection<T> {
    T run(Connection own, int number) throws Exception;
  }

  /// Waits until so many other connections wait for a lock.
  void awaitBlocked(int count) throws Exception {
    awaitQuery(
        "select count(*) >= "
            + count
            + " from pg_stat_activity where datname = current_database() and wait_event_type ="
            + " 'Lock'");
  }

  /// Waits until a query says true. Each look is a round trip of its own; there is nothing to
  /// listen to for what another connection waits for.
  void awaitQuery(String sql) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!(Boolean) value(sql)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never true: " + sql);
      }
      Thread.onSpinWait();
    }
  }

  static Spec shell(String prompt) {
    return new Spec("shell", prompt);
  }

  static Spec agent(String prompt) {
    return new Spec("demo", prompt);
  }

  /// A job to queue, with the usual for all that a test does not name.
  record Spec(
      String provider,
      String prompt,
      @Nullable String node,
      @Nullable String host,
      int priority,
      @Nullable Duration delay,
      @Nullable String key,
      List<Long> needs) {
    Spec(String provider, String prompt) {
      this(provider, prompt, null, null, 0, null, null, List.of());
    }

    Spec host(String label) {
      return new Spec(provider, prompt, node, label, priority, delay, key, needs);
    }

    Spec priority(int value) {
      return new Spec(provider, prompt, node, host, value, delay, key, needs);
    }

    Spec delay(Duration value) {
      return new Spec(provider, prompt, node, host, priority, value, key, needs);
    }

    Spec key(String value) {
      return new Spec(provider, prompt, node, host, priority, delay, value, needs);
    }

    Spec needs(Long... ids) {
      return new Spec(provider, prompt, node, host, priority, delay, key, Arrays.asList(ids));
    }

    JobSpec build() {
      return new JobSpec(
          prompt.isEmpty() ? "job" : prompt,
          node,
          null,
          new JobSpec.Work(provider, null, prompt, List.of(), Permissions.EDIT, List.of(), null),
          new JobSpec.Place(null, "", host),
          new JobSpec.Limits(3, 3, null, null, true),
          new JobSpec.Schedule(priority, delay, null),
          key,
          needs,
          Map.of());
    }
  }

  long enqueue(Spec spec) throws SQLException {
    return EnqueueJobs.enqueue(connection, spec.build()).jobId();
  }

  /// Many jobs in one statement, with their places in line.
  void enqueueMany(int count) {
    database.execute(
        """
        with made as (
          insert into aidp.jobs (name, provider, prompt, max_attempts)
          select 'job ' || n, 'shell', 'true', 3 from generate_series(1, %d) n
          returning id)
        insert into aidp.ready (host, provider, priority, job_id) select '', 'shell', 0, id from made
        """
            .formatted(count));
  }

  RegisterWorker.Registered worker() throws SQLException {
    return worker("here");
  }

  RegisterWorker.Registered worker(String host) throws SQLException {
    return worker(connection, host);
  }

  static RegisterWorker.Registered worker(Connection connection, String host) throws SQLException {
    return RegisterWorker.register(
        connection,
        new RegisterWorker.Facts(
            host, 1, "boot", "pidns", 7, 4, List.of("shell", "demo"), false, "test"));
  }

  /// Claims the only job that it expects.
  ClaimedJob claimOne(RegisterWorker.Registered worker, ClaimKey key) throws SQLException {
    List<ClaimedJob> claimed = ClaimJobs.claim(connection, key, null, worker.id(), 1);
    if (claimed.size() != 1) {
      throw new AssertionError("claimed " + claimed);
    }
    return claimed.getFirst();
  }

  ClaimedJob claimOne(RegisterWorker.Registered worker) throws SQLException {
    return claimOne(worker, SHELL);
  }

  FinishJobs.Result finish(FinishJobs.Ended... ended) throws SQLException {
    return FinishJobs.finish(connection, List.of(ended));
  }

  static FinishJobs.Ended completed(ClaimedJob job) {
    return new FinishJobs.Ended(job.lease(), completed(), Figures.ofExit(0, "done"));
  }

  static Transition completed() {
    return new Transition(
        JobStatus.COMPLETED, JobStatus.COMPLETED, false, false, null, null, null, null);
  }

  static FinishJobs.Ended failed(ClaimedJob job) {
    return new FinishJobs.Ended(
        job.lease(),
        new Transition(
            JobStatus.FAILED,
            JobStatus.FAILED,
            false,
            false,
            null,
            null,
            "exit code 1",
            ErrorClass.COMMAND_FAILED),
        Figures.ofExit(1, null));
  }

  static FinishJobs.Ended workerLost(LeaseRef lease) {
    return new FinishJobs.Ended(
        lease,
        new Transition(
            JobStatus.INTERRUPTED,
            JobStatus.QUEUED,
            true,
            true,
            null,
            null,
            "worker lost",
            ErrorClass.WORKER_LOST),
        Figures.NONE);
  }

  /// One column of a job as text.
  @Nullable String job(long id, String column) throws SQLException {
    Object value = value("select " + column + " from aidp.jobs where id = " + id);
    return value == null ? null : value.toString();
  }

  long count(String fromWhere) throws SQLException {
    return ((Number) value("select count(*) from " + fromWhere)).longValue();
  }

  /// The first column of the first row.
  @SuppressWarnings("NullAway") // A test that expects null says so.
  Object value(String sql) throws SQLException {
    return value(connection, sql);
  }

  @SuppressWarnings("NullAway")
  static Object value(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getObject(1) : null;
    }
  }

  /// The first column of every row, as text.
  List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  @Override
  public void close() throws SQLException {
    threads.shutdownNow();
    for (Connection other : others) {
      other.close();
    }
    connection.close();
    database.close();
  }
}
