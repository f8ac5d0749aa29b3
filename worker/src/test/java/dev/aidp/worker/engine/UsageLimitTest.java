package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.DemoProvider;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.ShellProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Usage limits across workers: who waits, who goes first, who follows.
class UsageLimitTest {
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

  private long demo(String prompt) {
    return harness.enqueue(harness.job("demo", prompt, 3, null));
  }

  private boolean paused() {
    return !harness.with(ListPauses::all).isEmpty();
  }

  /// The demo provider, whose first two executions meet, so that both are under way at the limit.
  private static final class Meeting implements Provider {
    private final Provider demo = new DemoProvider();
    private final CountDownLatch met = new CountDownLatch(2);
    private final List<Long> probes = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
      return "demo";
    }

    @Override
    public Outcome run(Attempt attempt) throws InterruptedException {
      if (attempt.job().probe() != null) {
        probes.add(attempt.job().lease().jobId());
      }
      met.countDown();
      met.await(WorkerHarness.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return demo.run(attempt);
    }
  }

  @Test
  void oneJobGoesFirstAfterTheResetAndThenAllCompleteWithOneAttempt() {
    Meeting provider = new Meeting();
    harness.start(1, WorkerHarness.QUICK, provider);
    harness.start(1, WorkerHarness.QUICK, provider);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ids.add(demo("[[demo: fail=usage_limit times=1 reset=1s]]"));
    }

    assertThat(ids)
        .allSatisfy(id -> {
          Job job = harness.ended(id);
          assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
          assertThat(job.attempt()).isEqualTo(1);
          assertThat(harness.executions(id))
              .extracting(Execution::errorClass)
              .containsExactly(ErrorClass.USAGE_LIMIT, null);
        });
    assertThat(provider.probes).hasSize(1);
    assertThat(paused()).isFalse();
  }

  @Test
  void othersOfTheProviderWaitAndAreNeverStartedMeanwhile() {
    harness.start(1);
    long first = demo("[[demo: fail=usage_limit times=1 reset=1h]]");
    Job limited = harness.awaitJob(first, job -> job.status() == JobStatus.WAITING);
    long second = demo("hello");
    long command = harness.shell("true");

    assertThat(harness.ended(command).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(limited.reason()).startsWith("usage limit, until ");
    assertThat(limited.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(harness.job(second).status()).isEqualTo(JobStatus.WAITING);
    assertThat(harness.job(second).reason()).startsWith("usage limit of demo, until ");
    assertThat(harness.executions(second)).isEmpty();
  }

  @Test
  void aProbeThatMeetsTheLimitAgainIsTriedAgain() {
    harness.start(2);
    long first = demo("[[demo: fail=usage_limit times=2 reset=1s]]");
    harness.awaitJob(first, job -> job.status() == JobStatus.WAITING);
    long second = demo("hello");

    Job job = harness.ended(first);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(harness.executions(first)).hasSize(3);
    assertThat(harness.ended(second).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(harness.executions(second)).hasSize(1);
  }

  @Test
  void theFirstWordOfTheProbeLetsTheOthersGoWhileItRunsOn() throws Exception {
    CountDownLatch othersBegan = new CountDownLatch(2);
    AtomicInteger started = new AtomicInteger();
    Provider provider =
        new Provider() {
          @Override
          public String name() {
            return "demo";
          }

          @Override
          public Outcome run(Attempt attempt) throws InterruptedException {
            if (started.incrementAndGet() == 1) {
              return new Outcome.Failed(
                  ErrorClass.USAGE_LIMIT, "limit", Duration.ofMillis(100), true, Figures.NONE);
            }
            attempt.events().session("s");
            boolean probe = attempt.job().probe() != null;
            if (probe) {
              attempt.events().log(LogLevel.INFO, LogCategory.AGENT, "yes?", Map.of());
              // It ends only after the others have begun.
              othersBegan.await(WorkerHarness.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } else {
              othersBegan.countDown();
            }
            return new Outcome.Completed(Figures.NONE);
          }
        };
    harness.start(3, WorkerHarness.QUICK, provider);
    long first = demo("one");
    harness.awaitJob(first, job -> job.status() == JobStatus.WAITING);
    List<Long> ids = List.of(first, demo("two"), demo("three"));

    assertThat(ids)
        .allSatisfy(id -> assertThat(harness.ended(id).status()).isEqualTo(JobStatus.COMPLETED));
    assertThat(othersBegan.getCount()).isZero();
  }

  @Test
  void anotherJobGoesFirstWhenTheProbeIsLostWithItsWorker() {
    AtomicInteger started = new AtomicInteger();
    CountDownLatch probing = new CountDownLatch(1);
    Provider provider =
        new Provider() {
          @Override
          public String name() {
            return "demo";
          }

          @Override
          public Outcome run(Attempt attempt) throws InterruptedException {
            attempt.events().session("s");
            if (started.incrementAndGet() == 1) {
              return new Outcome.Failed(
                  ErrorClass.USAGE_LIMIT, "limit", Duration.ofMillis(100), true, Figures.NONE);
            }
            if (started.get() == 2) {
              probing.countDown();
              while (!attempt.stop().await(Duration.ofHours(1))) {
                // Only a stop ends it.
              }
            }
            attempt.events().log(LogLevel.INFO, LogCategory.AGENT, "yes?", Map.of());
            return new Outcome.Completed(Figures.NONE);
          }
        };
    harness.start(1, WorkerHarness.QUICK, provider);
    long id = demo("one");
    WorkerHarness.await("the probe", () -> probing.getCount() == 0);

    database.execute(
        "update aidp.workers set ended_at = now(), end_reason = 'lost' where ended_at is null");
    harness.start(1, WorkerHarness.QUICK, provider);

    Job job = harness.ended(id);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.crashCount()).isEqualTo(1);
    assertThat(paused()).isFalse();
  }

  /// An agent that is at its limit, or not.
  private static Provider agent(String name, boolean limited) {
    return new Provider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Outcome run(Attempt attempt) {
        return limited
            ? new Outcome.Failed(
                ErrorClass.USAGE_LIMIT, "limit", Duration.ofHours(1), true, Figures.NONE)
            : new Outcome.Completed(
                new Figures(0, name + " did it", null, Usage.NONE, null, false));
      }
    };
  }

  private long withFallback(String prompt, String... others) {
    JobSpec spec = harness.job("claude", prompt, 3, null);
    List<Alternative> fallback =
        Arrays.stream(others).map(other -> new Alternative(other, other + "-model")).toList();
    JobSpec.Work work =
        new JobSpec.Work(
            "claude",
            "opus",
            prompt,
            List.of(),
            Permissions.EDIT,
            List.of(),
            null,
            null,
            fallback,
            AgentOptions.NONE);
    return harness.enqueue(
        new JobSpec(
            spec.name(),
            null,
            null,
            work,
            spec.place(),
            spec.limits(),
            spec.schedule(),
            null,
            List.of(),
            Map.of("ticket", 1)));
  }

  @Test
  void goesOnWithTheNextProviderThatIsNotAtItsLimit() {
    harness.start(
        1,
        WorkerHarness.QUICK,
        agent("claude", true),
        agent("codex", true),
        agent("gemini", false));
    long id = withFallback("one", "codex", "gemini", "claude");

    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.provider()).isEqualTo("gemini");
    assertThat(job.model()).isEqualTo("gemini-model");
    assertThat(job.result()).isEqualTo("gemini did it");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.metadata()).contains("\"fallback\"", "\"from\": \"codex\"", "\"ticket\": 1");
    assertThat(harness.executions(id)).hasSize(3);
    assertThat(harness.firstLogs(id))
        .extracting(LogEntry::message)
        .contains("claude is at its usage limit: the job goes on with codex, in a new session");
  }

  @Test
  void jobsInLineGoOnWithTheNextProviderWhileThoseWithoutOneWait() {
    harness.start(1, WorkerHarness.QUICK, agent("claude", true), agent("codex", false));
    long first = harness.enqueue(harness.job("claude", "first", 3, null));
    harness.awaitJob(first, job -> job.status() == JobStatus.WAITING);
    long plain = harness.enqueue(harness.job("claude", "plain", 3, null));
    long diverted = withFallback("diverted", "claude", "codex");

    Job job = harness.ended(diverted);

    assertThat(job.provider()).isEqualTo("codex");
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(harness.executions(diverted)).hasSize(1);
    assertThat(harness.job(plain).status()).isEqualTo(JobStatus.WAITING);
    assertThat(harness.job(plain).provider()).isEqualTo("claude");
  }

  @Test
  void waitsWhenEveryProviderIsAtItsLimit() {
    harness.start(1, WorkerHarness.QUICK, agent("claude", true), agent("codex", true));
    long id = withFallback("one", "codex", "claude");

    Job job =
        harness.awaitJob(
            id, seen -> seen.status() == JobStatus.WAITING && seen.provider().equals("codex"));

    assertThat(job.reason()).startsWith("usage limit, until ");
    assertThat(harness.executions(id)).hasSize(2);
  }

  @Test
  void aDrainingWorkerDoesNotWaitForALimitToEnd() throws Exception {
    harness.start(1);
    long first = demo("[[demo: fail=usage_limit reset=1h]]");
    harness.awaitJob(first, job -> job.status() == JobStatus.WAITING);
    long held = demo("held");
    harness.close();
    Worker draining = harness.draining(1, new ShellProvider(), new DemoProvider());

    draining.run(Duration.ofSeconds(1));

    assertThat(harness.job(held).status()).isIn(JobStatus.WAITING, JobStatus.QUEUED);
    assertThat(harness.executions(held)).isEmpty();
  }
}
