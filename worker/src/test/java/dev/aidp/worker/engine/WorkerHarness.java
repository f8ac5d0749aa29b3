package dev.aidp.worker.engine;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.EnqueueJobs;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadLogs;
import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.price.SpendingRules;
import dev.aidp.worker.provider.DemoProvider;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.ShellProvider;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Workers of this process on a database of the test's own, and what a test asks of them.
final class WorkerHarness implements AutoCloseable {
  /// The one limit of every wait: generous, since it is only reached when something is broken.
  static final Duration LIMIT = Duration.ofSeconds(90);

  static final WorkerOptions.Timing QUICK =
      new WorkerOptions.Timing(
          Duration.ofMillis(200),
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          Duration.ofMillis(200),
          Duration.ofSeconds(2));

  final Connections connections;
  final Path home;
  final Path workspace;
  final Recorder events = new Recorder();
  private final List<Worker> workers = new ArrayList<>();

  WorkerHarness(Connections connections, Path directory) {
    this.connections = connections;
    this.home = directory.resolve("home");
    this.workspace = directory;
  }

  /// What the workers told.
  static final class Recorder implements WorkerEvents {
    final List<String> problems = new CopyOnWriteArrayList<>();
    final List<Long> lost = new CopyOnWriteArrayList<>();
    final List<Long> reaped = new CopyOnWriteArrayList<>();

    @Override
    public void ended(ClaimedJob job, Transition transition) {}

    @Override
    public void lost(ClaimedJob job) {
      lost.add(job.lease().jobId());
    }

    @Override
    public void reaped(long jobId, int execution, @Nullable String where) {
      reaped.add(jobId);
    }

    @Override
    public void problem(String what, @Nullable Throwable failure) {
      problems.add(what);
    }
  }

  HostIdentity host(String label) {
    return HostIdentity.current(home, Map.of("AIDP_HOST", label));
  }

  Worker start(int slots) {
    return start(slots, QUICK, new ShellProvider(), new DemoProvider());
  }

  Worker start(int slots, WorkerOptions.Timing timing, Provider... providers) {
    return start(slots, timing, false, false, providers);
  }

  /// One of a database that nobody else can reach.
  Worker soleOwner(int slots, Provider... providers) {
    return start(slots, QUICK, false, true, providers);
  }

  /// One that ends when nothing is runnable.
  Worker draining(int slots, Provider... providers) {
    return start(slots, QUICK, true, false, providers);
  }

  private Worker start(
      int slots,
      WorkerOptions.Timing timing,
      boolean drain,
      boolean soleOwner,
      Provider... providers) {
    Worker worker =
        new Worker(
            new WorkerOptions(
                home,
                host("here"),
                slots,
                List.of(providers),
                Map.copyOf(System.getenv()),
                _ -> Optional.empty(),
                _ -> SpendingRules.NONE,
                drain,
                null,
                false,
                soleOwner,
                timing,
                "test"),
            connections,
            events,
            InstantSource.system());
    workers.add(worker);
    worker.start();
    return worker;
  }

  long shell(String command) {
    return enqueue(job("shell", command, 1, null));
  }

  JobSpec job(String provider, String prompt, int maxAttempts, @Nullable Duration timeout) {
    return new JobSpec(
        prompt.lines().findFirst().orElse("job"),
        null,
        null,
        new JobSpec.Work(provider, null, prompt, List.of(), Permissions.EDIT, List.of(), null),
        new JobSpec.Place(workspace, "test", "here"),
        new JobSpec.Limits(maxAttempts, 3, timeout, null, true),
        new JobSpec.Schedule(0, null, null),
        null,
        List.of(),
        Map.of());
  }

  long enqueue(JobSpec spec) {
    return with(connection -> EnqueueJobs.enqueue(connection, spec)).jobId();
  }

  <T> T with(DatabaseLoop.Work<T> work) {
    try (Connection connection = connections.open("test")) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Job job(long id) {
    return with(connection -> ReadJobs.byId(connection, id)).orElseThrow();
  }

  List<Execution> executions(long id) {
    return with(connection -> ReadJobs.executions(connection, id));
  }

  List<LogEntry> logs(long id) {
    return logs(id, executions(id).getLast());
  }

  /// Those of its first execution.
  List<LogEntry> firstLogs(long id) {
    return logs(id, executions(id).getFirst());
  }

  private List<LogEntry> logs(long id, Execution latest) {
    return with(connection ->
        ReadLogs.after(
            connection,
            new ReadLogs.ExecutionRef(id, latest.id(), latest.attempt()),
            0,
            1_000_000));
  }

  /// Waits until the job has ended.
  Job ended(long id) {
    return awaitJob(id, job -> job.status().ended());
  }

  Job running(long id) {
    return awaitJob(id, job -> job.status() == JobStatus.RUNNING);
  }

  Job awaitJob(long id, Predicate<Job> condition) {
    await("job " + id, () -> condition.test(job(id)));
    return job(id);
  }

  /// Looks again and again until the condition holds.
  static void await(String what, java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  static int maxAttempts(String provider) {
    return ProviderKind.of(provider).defaultMaxAttempts();
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
  }
}
