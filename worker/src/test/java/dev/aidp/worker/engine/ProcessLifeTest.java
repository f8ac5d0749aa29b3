package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.process.ProcessStart;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.ProcessRunner;
import dev.aidp.worker.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How executions are ended that do not end by themselves, and what is tried again.
class ProcessLifeTest {
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

  private interface Run {
    Outcome run(Attempt attempt) throws InterruptedException;
  }

  private static Provider agent(Run run) {
    return new Provider() {
      @Override
      public String name() {
        return "claude";
      }

      @Override
      public Outcome run(Attempt attempt) throws InterruptedException {
        return run.run(attempt);
      }
    };
  }

  private long enqueue(String provider, String prompt, @Nullable Duration stallTimeout) {
    JobSpec spec =
        harness.job(provider, prompt, ProviderKind.of(provider).defaultMaxAttempts(), null);
    return harness.enqueue(
        new JobSpec(
            spec.name(),
            null,
            null,
            spec.work(),
            spec.place(),
            new JobSpec.Limits(spec.limits().maxAttempts(), 3, null, stallTimeout, true),
            spec.schedule(),
            null,
            List.of(),
            Map.of()));
  }

  @Test
  void anAgentThatSaysNothingForTooLongIsEndedWithAllThatItStarted() throws IOException {
    harness.start(1);
    long id =
        enqueue(
            "shell",
            "setsid sleep 1000 & echo $! > child.pid; echo begun; sleep 1000",
            Duration.ofMillis(300));

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.errorClass()).isEqualTo(ErrorClass.STALLED);
    assertThat(job.error()).isEqualTo("no output for 300ms");
    long child = Long.parseLong(Files.readString(directory.resolve("child.pid")).strip());
    assertThat(ProcessStart.ticks(child)).isEmpty();
  }

  @Test
  void anAgentWhoseToolIsAtWorkIsNotStalled() {
    harness.start(
        1,
        WorkerHarness.QUICK,
        agent(attempt -> {
          attempt
              .events()
              .log(LogLevel.INFO, LogCategory.TOOL, "Bash: make", Map.of("callId", "a"));
          // Several looks of the watchdog later.
          boolean stopped = attempt.stop().await(Duration.ofMillis(600));
          return stopped
              ? new Outcome.Failed(ErrorClass.UNKNOWN, "stopped", null, false, Figures.NONE)
              : new Outcome.Completed(Figures.NONE);
        }));

    Job job = harness.ended(enqueue("claude", "hello", Duration.ofMillis(100)));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void aProcessThatHangsAfterItsResultIsEndedWithWhatItLeftAndTheResultStands() throws IOException {
    harness.start(
        1,
        WorkerHarness.QUICK,
        agent(attempt -> {
          String script =
              "trap '' TERM; setsid sleep 1000 & echo $! > child.pid; echo result; sleep 1000";
          StringBuilder said = new StringBuilder();
          attempt
              .processes()
              .run(
                  new ProcessRunner.Command(
                      List.of("bash", "-c", script),
                      attempt.environment(),
                      attempt.workspace(),
                      "",
                      1 << 20),
                  new ProcessRunner.Output() {
                    @Override
                    public void started(ProcessRunner.Running running) {
                      WorkerHarness.await("the result", () -> said.length() > 0);
                      running.endAfter(Duration.ofMillis(50));
                    }

                    @Override
                    public void stdout(String line) {
                      said.append(line);
                    }

                    @Override
                    public void stderr(String line) {}
                  });
          return new Outcome.Completed(Figures.ofExit(0, said.toString()));
        }));

    Job job = harness.ended(enqueue("claude", "hello", null));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.result()).isEqualTo("result");
    long child = Long.parseLong(Files.readString(directory.resolve("child.pid")).strip());
    assertThat(ProcessStart.ticks(child)).isEmpty();
  }

  @Test
  void aTransientErrorIsTriedAgainAndCharged() {
    harness.start(1);
    long id =
        harness.enqueue(harness.job("demo", "[[demo: fail=transient times=1 delay=0s]]", 3, null));

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(harness.executions(id))
        .extracting(Execution::errorClass)
        .containsExactly(ErrorClass.TRANSIENT, null);
    // It went on with what the first one had begun.
    assertThat(harness.executions(id)).extracting(Execution::sessionId).doesNotContainNull();
    assertThat(harness.executions(id).stream().map(Execution::sessionId).distinct()).hasSize(1);
  }

  @Test
  void aTransientErrorThatCouldDoSomethingTwiceIsNotTriedAgain() {
    harness.start(
        1,
        WorkerHarness.QUICK,
        agent(_ -> new Outcome.Failed(ErrorClass.TRANSIENT, "cut off", null, false, Figures.NONE)));

    long id = enqueue("claude", "hello", null);

    assertThat(harness.ended(id).status()).isEqualTo(JobStatus.FAILED);
    assertThat(harness.executions(id)).hasSize(1);
  }

  @Test
  void anAgentFromSqlHasTheDefaultLimits() {
    database.execute("select aidp.enqueue('claude', 'hello')");
    Attempt[] seen = new Attempt[1];
    harness.start(
        1,
        WorkerHarness.QUICK,
        agent(attempt -> {
          seen[0] = attempt;
          return new Outcome.Completed(Figures.NONE);
        }));
    harness.ended(1);
    assertThat(seen[0].job().effectiveTimeout()).isEqualTo(Duration.ofHours(4));
    assertThat(seen[0].job().effectiveStallTimeout()).isEqualTo(Duration.ofMinutes(30));
  }
}
