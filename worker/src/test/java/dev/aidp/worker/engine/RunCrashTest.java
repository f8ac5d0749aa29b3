package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.core.run.RunSpec;
import dev.aidp.db.queue.EnqueueRun;
import dev.aidp.db.read.ReadRuns;
import dev.aidp.db.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs whose workers are all killed at once, at moments that nobody chose.
class RunCrashTest {
  /// Set it to 50 for the whole exercise (a few minutes).
  private static final int MOMENTS = Integer.getInteger("aidp.kill.moments", 3);

  /// Long enough to be hit in the middle, short enough to be over.
  private static final String WORK = "sleep 0.05; echo {{list}}";

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

  @Test
  void endsWithEachNodeCompletedOnceHoweverOftenAllProcessesAreKilled() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<UUID> runs = new ArrayList<>();
    for (int moment = 0; moment < MOMENTS; moment++) {
      UUID run = enqueue();
      runs.add(run);
      startTwo();
      long begun = random.nextInt(1, 12);
      WorkerHarness.await(
          "executions to begin (seed " + seed + ")",
          () ->
              count(
                      "select coalesce(sum(executions), 0) from aidp.jobs where run_id = '"
                          + run
                          + "'")
                  >= begun);
      // Anywhere in what follows, not only right after a claim.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
      processes.clear();
    }
    startTwo();
    for (UUID run : runs) {
      WorkerHarness.await(
          "run " + run + " (seed " + seed + ")", () -> run(run).completedAt() != null);
      assertThat(run(run).status())
          .as("seed %s: %s", seed, run(run))
          .isEqualTo(JobStatus.COMPLETED);
      List<RunNode> nodes = harness.with(connection -> ReadRuns.nodes(connection, run, true));
      assertThat(nodes).hasSize(5 + 6).allMatch(node -> node.status() == JobStatus.COMPLETED);
      assertThat(nodes.getLast().output()).isEqualTo("\"a b c d e f\"");
    }
    // The node with the list has one that found it, and one that collected.
    assertThat(
            count(
                """
                select count(*) from (
                  select e.job_id from aidp.executions e join aidp.jobs j on j.id = e.job_id
                  where e.status = 'completed'
                  group by e.job_id, j.node having count(*) <> case j.node when 'each' then 2 else 1 end) x
                """))
        .as("seed %s", seed)
        .isZero();
    assertThat(count("select count(*) from aidp.leases")).isZero();
    assertThat(count("select sum(remaining) from aidp.pipeline_runs")).isZero();
  }

  private void startTwo() {
    for (int i = 0; i < 2; i++) {
      processes.add(WorkerProcess.start(harness.home, database.address(), 2, "here", "quick"));
    }
  }

  private UUID enqueue() {
    List<RunSpec.Node> nodes =
        List.of(
            task(
                "list",
                "\"command\":\"echo '[\\\"a\\\",\\\"b\\\",\\\"c\\\",\\\"d\\\",\\\"e\\\",\\\"f\\\"]'\""),
            task("left", "\"command\":\"" + WORK + "\"", "list"),
            agent("right", "list"),
            task(
                "each",
                "\"command\":\"sleep 0.03; echo {{item}}\",\"for_each\":[\"{{list}}\"],\"max_parallel\":3",
                "left",
                "right"),
            task("last", "\"command\":\"echo {{each}}\"", "each"));
    UUID id = UUID.randomUUID();
    RunSpec spec =
        new RunSpec(
            id,
            "crash",
            null,
            null,
            "{}",
            null,
            new JobSpec.Place(directory, "test", "here"),
            null,
            nodes);
    harness.with(connection -> EnqueueRun.enqueue(connection, spec));
    return id;
  }

  private RunSpec.Node agent(String id, String... needs) {
    String keys = "\"prompt\":\"Look at {{list}} [[demo: lines=1 tools=1 delay=80ms]]\"";
    return node("demo", "agent", id, keys, needs);
  }

  private RunSpec.Node task(String id, String keys, String... needs) {
    return node("task", "task", id, keys, needs);
  }

  private RunSpec.Node node(String provider, String type, String id, String keys, String... needs) {
    JobSpec job =
        new JobSpec(
            "crash/" + id,
            id,
            null,
            new JobSpec.Work(provider, null, id, List.of(), Permissions.EDIT, List.of(), null),
            new JobSpec.Place(directory, "test", "here"),
            new JobSpec.Limits(1, 1_000_000, null, null, true),
            new JobSpec.Schedule(0, null, null),
            null,
            List.of(),
            Map.of());
    return new RunSpec.Node(
        job, "{\"id\":\"" + id + "\",\"type\":\"" + type + "\"," + keys + "}", List.of(needs));
  }

  private Run run(UUID id) {
    return harness.with(connection -> ReadRuns.byId(connection, id)).orElseThrow();
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
}
