package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.process.ProcessStart;
import dev.aidp.worker.process.Strays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers in processes of their own, killed and frozen.
class WorkerCrashTest {
  /// Set it to 10000 for the whole exercise (several minutes).
  private static final int JOBS = Integer.getInteger("aidp.chaos.jobs", 150);

  @TempDir Path directory;
  private TestDatabase database;
  private WorkerHarness harness;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    database = TestDatabase.create();
    harness = new WorkerHarness(database.connections(), directory);
    Files.createDirectories(harness.home);
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    harness.close();
    database.close();
  }

  private Process worker(int slots, String timing) {
    Process process = WorkerProcess.start(harness.home, database.address(), slots, "here", timing);
    processes.add(process);
    return process;
  }

  @Test
  void movesTheJobOfAKilledWorkerToItsNeighbourAndEndsItsProcesses() throws IOException {
    Process first = worker(1, "standard");
    long id = harness.shell("echo $$ >> pids; until [ -e go ]; do sleep 0.05; done");
    Path pids = directory.resolve("pids");
    WorkerHarness.await("its start", () -> Files.exists(pids));
    long child = Long.parseLong(Files.readAllLines(pids).getFirst());
    worker(1, "standard");
    WorkerHarness.await("both workers", () -> count("select count(*) from aidp.workers") == 2);

    first.destroyForcibly();
    WorkerHarness.await("the second run", () -> lines(pids).size() == 2);
    WorkerHarness.await("the end of the first child", () -> ProcessStart.ticks(child).isEmpty());
    Files.writeString(directory.resolve("go"), "");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.crashCount()).isEqualTo(1);
    assertThat(harness.executions(id))
        .extracting(Execution::status)
        .containsExactly(JobStatus.INTERRUPTED, JobStatus.COMPLETED);
  }

  @Test
  void refusesTheResultOfAFrozenWorkerAndEndsItsChild() throws IOException, InterruptedException {
    Process frozen = worker(1, "quick");
    long id = harness.shell("echo $$ >> pids; until [ -e go ]; do sleep 0.05; done");
    Path pids = directory.resolve("pids");
    WorkerHarness.await("its start", () -> Files.exists(pids));
    long child = Long.parseLong(Files.readAllLines(pids).getFirst());

    signal(frozen, "STOP");
    harness.start(1);
    WorkerHarness.await("the second run", () -> lines(pids).size() == 2);
    assertThat(ProcessStart.ticks(child)).as("the first run").isEmpty();
    signal(frozen, "CONT");
    Files.writeString(directory.resolve("go"), "");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(harness.executions(id))
        .extracting(Execution::status)
        .containsExactly(JobStatus.INTERRUPTED, JobStatus.COMPLETED);
    assertThat(count("select count(*) from aidp.leases")).isZero();
    // The frozen one noticed, and works on under another name.
    WorkerHarness.await(
        "its new registration",
        () ->
            count(
                    "select count(*) from aidp.workers where pid = "
                        + frozen.pid()
                        + " and ended_at is null")
                == 1);
  }

  @Test
  void completesEveryJobOnceWhileWorkersAreKilledAtRandom() throws InterruptedException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < JOBS; i++) {
      JobSpec plain = harness.job("shell", "echo " + i, 1, null);
      harness.enqueue(
          new JobSpec(
              plain.name(),
              null,
              null,
              plain.work(),
              plain.place(),
              new JobSpec.Limits(1, 1_000_000, null, null, true),
              plain.schedule(),
              null,
              List.of(),
              java.util.Map.of()));
    }
    List<Process> alive = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      alive.add(worker(4, "quick"));
    }
    // Each kill waits for progress since the last one, so that it falls into the work.
    long goal = 0;
    while (count("select count(*) from aidp.jobs where status <> 'completed'") > 0) {
      goal =
          Math.min(
              JOBS,
              count("select count(*) from aidp.executions where status = 'completed'")
                  + JOBS / 12
                  + 1);
      long atLeast = goal;
      WorkerHarness.await(
          "progress (seed " + seed + ")",
          () ->
              count("select count(*) from aidp.executions where status = 'completed'") >= atLeast);
      int victim = random.nextInt(alive.size());
      alive.get(victim).destroyForcibly().waitFor();
      alive.set(victim, worker(4, "quick"));
    }

    assertThat(count("select count(*) from aidp.jobs where status = 'completed'")).isEqualTo(JOBS);
    assertThat(
            count(
                "select count(*) from (select job_id from aidp.executions where status = 'completed' group by job_id having count(*) = 1) x"))
        .isEqualTo(JOBS);
    assertThat(
            count(
                """
                select count(*) from aidp.executions a join aidp.executions b
                  on a.job_id = b.job_id and a.attempt < b.attempt and a.completed_at > b.started_at
                """))
        .isZero();
    assertThat(count("select count(*) from aidp.leases")).isZero();
    WorkerHarness.await(
        "no process left",
        () ->
            new Strays()
                .find(harness.with(dev.aidp.db.read.DatabaseIdentity::of).toString())
                .isEmpty());
  }

  private long count(String sql) {
    return harness.with(connection -> {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    });
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void signal(Process process, String name)
      throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    assertThat(code).isZero();
  }
}
