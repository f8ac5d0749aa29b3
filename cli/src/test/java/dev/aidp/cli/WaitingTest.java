package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A worker runs beside the waiting command in each of these.
final class WaitingTest {
  private static final int LIMIT_SECONDS = 60;

  private final Cli cli;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  WaitingTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    cli.close();
  }

  private Result besideAWorker(String... arguments) {
    CompletableFuture<Result> worker =
        CompletableFuture.supplyAsync(
            () -> cli.run("worker", "--idle-exit", "1s", "--count", "2"), threads);
    Result result = cli.run(arguments);
    try {
      assertThat(worker.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isZero();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
    return result;
  }

  @Test
  void passesTheStreamsOfACommandThrough() {
    Result result =
        besideAWorker("exec", "--wait", "--", "sh", "-c", "echo one; echo two; echo three >&2");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("one\ntwo\n");
    assertThat(result.err()).isEqualTo("1\nthree\n");
  }

  @Test
  void endsWith8WhereAnApprovalStandsInTheWay() {
    cli.with("AIDP_PROVIDER", "demo");
    Result step = besideAWorker("execute", "next", "--wait");
    assertThat(step.exitCode()).isZero();
    assertThat(step.out()).startsWith("[demo] Simulated by aidp's demo provider");
    assertThat(step.err()).endsWith("Approve it: aidp approve execute prd\n");
    cli.run("approve", "prd");
    Result all = besideAWorker("execute", "all", "--wait");
    assertThat(all.exitCode()).isEqualTo(8);
    assertThat(all.err())
        .endsWith(
            """
            aidp: the approval of architecture stands in the way
              Read docs/architecture.md, then type `aidp approve execute architecture`
            """);
    cli.run("reject", "execute", "architecture");
    Result next = besideAWorker("execute", "next", "--wait");
    assertThat(next.exitCode()).isEqualTo(8);
    assertThat(next.out()).isEmpty();
    assertThat(next.err()).contains("aidp: the approval of architecture stands in the way\n");
  }

  @Test
  void endsWith5WhereTheJobFailed() {
    assertThat(besideAWorker("exec", "--wait", "--", "sh", "-c", "exit 3"))
        .isEqualTo(
            new Result(
                5,
                "",
                "1\naidp: job 1 failed: exit 3\n  See `aidp jobs logs 1`, or `aidp jobs retry 1`\n"));
  }

  @Test
  void printsOnlyTheAnswerOfAnAgentOnStdout() {
    Result result =
        besideAWorker(
            "prompt", "--provider", "demo", "--wait", "[[demo: answer=\"forty-two\" tools=1]]");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("forty-two\n");
    assertThat(result.err()).startsWith("1\n").contains("[agent]").contains("[tool]");
  }

  @Test
  void printsOnlyTheFinalObjectAsJson() {
    Result result = besideAWorker("exec", "--wait", "--json", "--", "echo", "hi");
    JsonNode job = JsonMapper.shared().readTree(result.out());
    assertThat(job.path("status").asString()).isEqualTo("completed");
    assertThat(job.path("result").asString().strip()).isEqualTo("hi");
    assertThat(job.path("executions").size()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("1\n");
  }

  @Test
  void waitsForSeveralJobsAndSaysWhichFailed() {
    cli.run("exec", "--", "true");
    cli.run("exec", "--", "false");
    assertThat(besideAWorker("jobs", "wait", "1", "2"))
        .isEqualTo(
            new Result(
                5,
                "",
                "aidp: job 2 failed: exit 1\n  See `aidp jobs logs 2`, or `aidp jobs retry 2`\n"));
    JsonNode jobs = JsonMapper.shared().readTree(cli.run("jobs", "wait", "1", "2", "--json").out());
    assertThat(jobs.path(1).path("status").asString()).isEqualTo("failed");
  }

  @Test
  void endsWith8WhenTheTimeIsUp() {
    cli.run("exec", "--delay", "1h", "--", "true");
    Result result = cli.run("jobs", "wait", "1", "--timeout", "10ms");
    assertThat(result.exitCode()).isEqualTo(8);
    assertThat(result.err()).contains("aidp: job 1 is still waiting: starts at ");
  }

  @Test
  void followsTheLogUntilTheEnd() {
    cli.run("exec", "--", "sh", "-c", "echo one; sleep 0.5; echo two");
    Result result = besideAWorker("jobs", "logs", "-f", "1");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).containsSubsequence("one", "two");
  }

  @Test
  void stopsARunningJobAndWaitsForItsEnd() throws Exception {
    cli.run("exec", "--", "sh", "-c", "touch started; sleep 600");
    CompletableFuture<Result> worker =
        CompletableFuture.supplyAsync(() -> cli.run("worker", "--idle-exit", "1s"), threads);
    CompletableFuture<Result> waiting =
        CompletableFuture.supplyAsync(() -> cli.run("jobs", "wait", "1"), threads);
    while (!cli.query("select status from aidp.jobs").equals("running")) {
      Thread.onSpinWait();
    }
    assertThat(cli.run("jobs", "cancel", "1"))
        .isEqualTo(new Result(0, "", "Job 1 is interrupted\n"));
    assertThat(waiting.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isEqualTo(5);
    assertThat(worker.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  void saysHowToCancelWhenItIsInterrupted() throws Exception {
    cli.run("exec", "--", "true");
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread waiting = Thread.ofPlatform().start(() -> result.complete(cli.run("jobs", "wait", "1")));
    while (Arrays.stream(waiting.getStackTrace())
        .noneMatch(frame -> frame.getMethodName().equals("pause"))) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    assertThat(result.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isEqualTo(130);
    assertThat(result.get().err())
        .startsWith("Stopped waiting; the work goes on. To stop it too: aidp jobs cancel 1\n");
  }

  @Test
  void bearsALostConnection() throws Exception {
    cli.run("exec", "--", "true");
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread waiting = Thread.ofPlatform().start(() -> result.complete(cli.run("jobs", "wait", "1")));
    while (Arrays.stream(waiting.getStackTrace())
        .noneMatch(frame -> frame.getMethodName().equals("pause"))) {
      Thread.onSpinWait();
    }
    cli.query(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    cli.work();
    assertThat(result.get(LIMIT_SECONDS, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(result.get().err()).contains("; trying again\n");
  }
}
