package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real worker processes, which every test ends by their pids.
final class BackgroundWorkerTest {
  private static final int LIMIT_SECONDS = 60;
  private static final String LIVE =
      "select string_agg(pid::text, ' ') from aidp.workers where ended_at is null";

  private final Cli cli;

  BackgroundWorkerTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @BeforeEach
  void allowWorkers() {
    cli.without("AIDP_AUTO_WORKER");
  }

  @AfterEach
  void close() throws Exception {
    for (ProcessHandle worker : workers()) {
      worker.destroyForcibly();
      worker.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
    cli.close();
  }

  private List<ProcessHandle> workers() {
    List<ProcessHandle> handles = new ArrayList<>();
    for (String pid : cli.query(LIVE).split(" ", -1)) {
      if (!pid.equals("null")) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(handles::add);
      }
    }
    return handles;
  }

  @Test
  void startsOneThatRunsTheJob() {
    assertThat(cli.run("exec", "--", "echo", "hi").out()).isEqualTo("1\n");
    assertThat(cli.run("jobs", "wait", "1").exitCode()).isZero();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("hi\n");
    assertThat(cli.query("select background from aidp.workers")).isEqualTo("t");
  }

  @Test
  void startsOneForAllCommandsAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<Result>> commands = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        commands.add(threads.submit(() -> cli.run("exec", "--wait", "--", "true")));
      }
      for (Future<Result> command : commands) {
        assertThat(command.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isZero();
      }
    }
    assertThat(cli.query("select count(*) from aidp.workers")).isEqualTo("1");
  }

  @Test
  void replacesOneThatWasKilled() throws Exception {
    cli.run("exec", "--wait", "--", "true");
    ProcessHandle first = workers().getFirst();
    first.destroyForcibly();
    first.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(cli.run("exec", "--wait", "--", "echo", "again").exitCode()).isZero();
  }

  @Test
  void replacesOneThatIsKilledWhileSomebodyWaits() throws Exception {
    cli.run("exec", "--", "sh", "-c", "[ -e mark ] || { touch mark; sleep 600; }");
    while (!Files.exists(cli.workspace().resolve("mark"))) {
      Thread.onSpinWait();
    }
    workers().forEach(ProcessHandle::destroyForcibly);
    assertThat(cli.run("jobs", "wait", "1").exitCode()).isZero();
    assertThat(cli.query("select crash_count from aidp.jobs")).isEqualTo("1");
  }

  @Test
  void givesARunningOneMoreSlots() {
    cli.run("exec", "--wait", "--", "true");
    cli.with("QUE_WORKER_COUNT", "3").run("exec", "--wait", "--", "true");
    assertThat(cli.query("select slots from aidp.workers")).isEqualTo("3");
  }

  @Test
  void bringsASlotForAWaiterInsideAJob() {
    cli.run("exec", "--wait", "--", "true");
    // The waiter of this test stands for the one that a job would start.
    cli.run("exec", "--", "sh", "-c", "until [ -e inner ]; do sleep 0.1; done");
    cli.with("AIDP_EXECUTION", "db:1:token");
    assertThat(cli.run("exec", "--wait", "--", "touch", "inner").exitCode()).isZero();
    cli.without("AIDP_EXECUTION");
    assertThat(cli.run("jobs", "wait", "2").exitCode()).isZero();
  }

  @Test
  void startsNoneWhereItMayNot() {
    Result result = cli.run("exec", "--no-worker", "--", "true");
    assertThat(result.err()).endsWith("1 queued, no worker\n");
    assertThat(cli.query("select count(*) from aidp.workers")).isEqualTo("0");
  }

  @Test
  void endsAfterTermAlthoughMoreIsQueued() throws Exception {
    cli.run("exec", "--", "sh", "-c", "touch begun; until [ -e go ]; do sleep 0.1; done");
    while (!Files.exists(cli.workspace().resolve("begun"))) {
      Thread.onSpinWait();
    }
    cli.with("AIDP_AUTO_WORKER", "0").run("exec", "--", "true");
    ProcessHandle worker = workers().getFirst();
    worker.destroy();
    while (!cli.query("select draining from aidp.workers").equals("t")) {
      Thread.onSpinWait();
    }
    cli.write("workspace/go", "");
    worker.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(cli.query("select string_agg(status, ' ' order by id) from aidp.jobs"))
        .isEqualTo("completed queued");
  }
}
