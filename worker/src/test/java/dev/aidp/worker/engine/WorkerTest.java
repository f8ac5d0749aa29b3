package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.db.queue.CancelJob;
import dev.aidp.db.queue.EarlierExecution;
import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  @TempDir Path directory;
  private TestDatabase database;
  private WorkerHarness harness;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    harness = new WorkerHarness(database.connections(), directory);
  }

  @AfterEach
  void close() {
    harness.close();
    database.close();
  }

  @Test
  void runsACommandAndStoresItsLinesResultAndExitCode() {
    harness.start(1);
    long id = harness.shell("echo out; echo err >&2; exit 3");

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.exitCode()).isEqualTo(3);
    assertThat(job.errorClass()).isEqualTo(ErrorClass.COMMAND_FAILED);
    assertThat(job.result()).isEqualTo("out\n");
    assertThat(harness.logs(id)).extracting(LogEntry::message).contains("out", "err");
    assertThat(harness.logs(id))
        .extracting(LogEntry::seq)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, harness.logs(id).size()).boxed().toList());
    Execution execution = harness.executions(id).getFirst();
    assertThat(execution.pid()).isPositive();
    assertThat(execution.status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void runsAsManyAtOnceAsItHasSlots() {
    harness.start(4);
    // Each waits until all four have begun: with fewer slots none would end.
    String meet = "touch $$.here; until [ $(ls *.here | wc -l) -ge 4 ]; do sleep 0.02; done";
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(harness.shell(meet));
    }

    assertThat(ids)
        .allSatisfy(id -> assertThat(harness.ended(id).status()).isEqualTo(JobStatus.COMPLETED));
  }

  @Test
  void retriesACommandAsOftenAsItMayAndNumbersTheExecutions() {
    harness.start(1);
    long id = harness.enqueue(harness.job("shell", "exit 7", 3, null));

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(harness.executions(id)).extracting(Execution::attempt).containsExactly(1, 2, 3);
  }

  @Test
  void stopsARunningJobThatIsCancelledWithAllThatItStarted() throws IOException {
    harness.start(1);
    long id = harness.shell("setsid sleep 1000 & echo $! > child.pid; echo ready; wait");
    harness.running(id);
    Path pidFile = directory.resolve("child.pid");
    WorkerHarness.await("its child", () -> Files.exists(pidFile) && !read(pidFile).isBlank());
    long child = Long.parseLong(read(pidFile).strip());

    harness.with(connection -> CancelJob.cancel(connection, id));
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(job.reason()).isEqualTo("cancelled");
    assertThat(job.errorClass()).isEqualTo(ErrorClass.CANCELLED);
    // A dead one that nobody reaped yet is gone too.
    assertThat(dev.aidp.worker.process.ProcessStart.ticks(child)).isEmpty();
  }

  @Test
  void failsAJobThatRunsIntoItsTimeout() {
    harness.start(1);
    long id = harness.enqueue(harness.job("shell", "sleep 1000", 1, Duration.ofMillis(300)));

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.errorClass()).isEqualTo(ErrorClass.TIMEOUT);
    assertThat(job.error()).isEqualTo("timed out after 300ms");
  }

  @Test
  void failsAJobWhoseWorkspaceIsGone() {
    harness.start(1);
    long id =
        harness
            .with(connection ->
                dev.aidp.db.queue.EnqueueJobs.enqueue(
                    connection,
                    new dev.aidp.core.job.JobSpec(
                        "gone",
                        null,
                        null,
                        harness.job("shell", "true", 1, null).work(),
                        new dev.aidp.core.job.JobSpec.Place(
                            directory.resolve("gone"), "test", "here"),
                        harness.job("shell", "true", 1, null).limits(),
                        new dev.aidp.core.job.JobSpec.Schedule(0, null, null),
                        null,
                        List.of(),
                        java.util.Map.of())))
            .jobId();

    Job job = harness.ended(id);

    assertThat(job.errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(job.error()).contains("gone does not exist on this host");
  }

  @Test
  void refusesTheResultOfAnExecutionThatWasGivenToAnother() {
    harness.start(1);
    long id = harness.shell("touch begun; until [ -e go ]; do sleep 0.02; done");
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    // Another reaper declared this worker dead.
    database.execute("update aidp.workers set ended_at = now(), end_reason = 'lost'");
    WorkerHarness.await("the loss", () -> harness.events.lost.contains(id));
    touch("go");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(harness.executions(id))
        .extracting(Execution::status)
        .containsExactly(JobStatus.INTERRUPTED, JobStatus.COMPLETED);
    assertThat(job.crashCount()).isEqualTo(1);
  }

  @Test
  void givesUpAfterTheThirdCrash() {
    harness.start(1);
    long id = harness.shell("sleep 1000");
    for (int crash = 1; crash <= 3; crash++) {
      harness.running(id);
      database.execute(
          "update aidp.workers set ended_at = now(), end_reason = 'lost' where ended_at is null");
      int seen = crash;
      harness.awaitJob(id, job -> job.crashCount() == seen);
    }

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(job.reason()).isEqualTo("given up after 3 crashes");
    assertThat(job.errorClass()).isEqualTo(ErrorClass.WORKER_LOST);
  }

  @Test
  void putsAJobBackWithoutChargingItWhenItsWorkerIsStopped() {
    Worker first = harness.start(1);
    long id = harness.shell("touch begun; until [ -e go ]; do sleep 0.02; done");
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    first.close();
    Job between = harness.job(id);
    touch("go");
    harness.start(1);
    Job job = harness.ended(id);

    assertThat(between.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashCount()).isZero();
    assertThat(harness.executions(id)).hasSize(2);
  }

  @Test
  void leavesACommandThatMayNotBeRunAgainToAPerson() {
    Worker first = harness.start(1);
    JobSpec spec = harness.job("shell", "touch begun; sleep 1000", 1, null);
    long id =
        harness.enqueue(
            new JobSpec(
                spec.name(),
                null,
                null,
                spec.work(),
                spec.place(),
                new JobSpec.Limits(1, 3, null, null, false),
                spec.schedule(),
                null,
                List.of(),
                Map.of()));
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    first.close();

    Job job = harness.job(id);
    assertThat(job.status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(job.reason()).isEqualTo("its worker was lost, and it may not be run again");
    assertThat(harness.executions(id)).hasSize(1);
  }

  @Test
  void leavesAnAgentThatBeganWithoutASessionToAPerson() {
    Provider silent =
        new Provider() {
          @Override
          public String name() {
            return "claude";
          }

          @Override
          public Outcome run(Attempt attempt) throws InterruptedException {
            touch("begun");
            while (!attempt.stop().await(Duration.ofHours(1))) {
              // Only a stop ends it.
            }
            return new Outcome.Interrupted(Outcome.Cause.SHUTDOWN, "stopped", Figures.NONE);
          }
        };
    Worker first = harness.start(1, WorkerHarness.QUICK, silent);
    long id = harness.enqueue(harness.job("claude", "hello", 3, null));
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    first.close();

    Job job = harness.job(id);
    assertThat(job.status()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(job.reason()).isEqualTo("its worker was lost before the agent gave a session id");
  }

  @Test
  void storesTheSessionThatItChoseBeforeAnythingCanHappenAndTellsTheNextExecutionWhatDid() {
    List<Attempt> attempts = new CopyOnWriteArrayList<>();
    List<String> stored = new CopyOnWriteArrayList<>();
    Provider agent =
        new Provider() {
          @Override
          public String name() {
            return "claude";
          }

          @Override
          public String newSessionId() {
            return "chosen";
          }

          @Override
          public Outcome run(Attempt attempt) throws InterruptedException {
            stored.add(String.valueOf(harness.job(attempt.job().lease().jobId()).sessionId()));
            attempts.add(attempt);
            if (attempts.size() == 1) {
              while (!attempt.stop().await(Duration.ofHours(1))) {
                // Only a stop ends it.
              }
              return new Outcome.Interrupted(Outcome.Cause.SHUTDOWN, "stopped", Figures.NONE);
            }
            return new Outcome.Completed(Figures.NONE);
          }
        };
    Worker first = harness.start(1, WorkerHarness.QUICK, agent);
    long id = harness.enqueue(harness.job("claude", "hello", 3, null));
    WorkerHarness.await("its start", () -> !attempts.isEmpty());
    first.close();
    harness.start(1, WorkerHarness.QUICK, agent);

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(stored).containsExactly("chosen", "chosen");
    assertThat(attempts.getFirst().session().earlier()).isNull();
    assertThat(attempts.getLast().job().sessionId()).isEqualTo("chosen");
    assertThat(attempts.getLast().session().chosenId()).isNull();
    EarlierExecution earlier = Objects.requireNonNull(attempts.getLast().session().earlier());
    assertThat(earlier.why()).isEqualTo("the worker was stopped");
    assertThat(harness.logs(id))
        .extracting(LogEntry::message)
        .anyMatch(message ->
            message.matches(
                "continues the session of an execution that ended at .*Z: the worker was stopped"));
  }

  @Test
  void storesHostileOutputHarmlessly() {
    harness.start(1);
    long id =
        harness.shell(
            "printf 'a\\0b\\xff\\xfec\\n'; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    List<LogEntry> logs =
        harness.logs(id).stream().filter(e -> e.category().word().equals("node")).toList();
    assertThat(logs.getFirst().message()).isEqualTo("a\uFFFDb\uFFFD\uFFFDc");
    assertThat(logs.get(1).message().length()).isBetween(1 << 20, (1 << 20) + 200);
    assertThat(logs.getLast().message()).isEqualTo("end");
  }

  @Test
  void runsADemoJobWithItsFiguresAndSession() {
    harness.start(1);
    long id = harness.enqueue(harness.job("demo", "say hello", 3, null));

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.sessionId()).isNotBlank();
    assertThat(job.usage().outputTokens()).isPositive();
    assertThat(job.result()).isNotBlank();
  }

  @Test
  void losesNoLineOfAVeryTalkativeJob() {
    harness.start(1);
    long id = harness.shell("seq 1 100000");

    harness.ended(id);

    List<LogEntry> lines =
        harness.logs(id).stream().filter(e -> e.category().word().equals("node")).toList();
    assertThat(lines).hasSize(100_000);
    assertThat(lines.getLast().message()).isEqualTo("100000");
  }

  private void touch(String name) {
    try {
      Files.writeString(directory.resolve(name), "");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
