package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.failed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static dev.aidp.db.queue.QueueFixture.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FinishJobsTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private static final String STANDING =
      "concat_ws(' ', status, 'attempt', attempt, 'crashes', crash_count, 'ended', completed_at is"
          + " not null)";

  private static FinishJobs.Ended waiting(
      ClaimedJob job, boolean refund, Duration delay, String reason) {
    return new FinishJobs.Ended(
        job.lease(),
        new Transition(
            JobStatus.FAILED,
            JobStatus.WAITING,
            refund,
            false,
            delay,
            reason,
            "overloaded",
            ErrorClass.TRANSIENT),
        Figures.NONE);
  }

  @Test
  void completesAJobAndKeepsWhatItUsed() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    Figures figures =
        new Figures(0, "the answer", "s-1", new Usage(10, 20, 3), new BigDecimal("0.25"), true);
    FinishJobs.Result result =
        queue.finish(new FinishJobs.Ended(job.lease(), QueueFixture.completed(), figures));
    assertThat(result.lost()).isEmpty();
    assertThat(result.ready()).isEmpty();
    assertThat(queue.job(id, STANDING)).isEqualTo("completed attempt 1 crashes 0 ended t");
    assertThat(queue.job(id, "session_id || ' ' || exit_code")).isEqualTo("s-1 0");
    assertThat(
            queue.column(
                "select concat_ws(' ', attempt, id, status, exit_code, result, session_id, usage"
                    + " ->> 'inputTokens', usage ->> 'outputTokens', usage ->> 'cachedTokens',"
                    + " cost_usd, cost_estimated, completed_at >= started_at) from"
                    + " aidp.executions"))
        .containsExactly(
            "1 " + job.lease().executionId() + " completed 0 the answer s-1 10 20 3 0.250000 t t");
    assertThat(queue.count("aidp.leases")).isZero();
  }

  @Test
  void failsAJob() throws Exception {
    long id = queue.enqueue(shell("work"));
    queue.finish(failed(queue.claimOne(queue.worker())));
    assertThat(queue.job(id, STANDING)).isEqualTo("failed attempt 1 crashes 0 ended t");
    assertThat(queue.job(id, "error || ' ' || error_class || ' ' || exit_code"))
        .isEqualTo("exit code 1 command_failed 1");
  }

  @Test
  void linesUpAJobThatGoesOnAndSaysUnderWhichKey() throws Exception {
    long id = queue.enqueue(shell("work").host("here").priority(7));
    ClaimKey key = new ClaimKey("here", "shell", 7);
    ClaimedJob job = queue.claimOne(queue.worker(), key);
    FinishJobs.Result result = queue.finish(workerLost(job.lease()));
    assertThat(result.ready()).containsExactly(key);
    assertThat(queue.job(id, STANDING)).isEqualTo("queued attempt 0 crashes 1 ended f");
    assertThat(queue.claimOne(queue.worker(), key).lease().jobId()).isEqualTo(id);
  }

  @Test
  void aWaitSaysWhyAndUntilWhen() throws Exception {
    long id = queue.enqueue(shell("work"));
    queue.finish(
        waiting(queue.claimOne(queue.worker()), true, Duration.ofMinutes(15), "usage limit"));
    assertThat(queue.job(id, STANDING)).isEqualTo("waiting attempt 0 crashes 0 ended f");
    assertThat(
            queue.job(
                id,
                "reason = 'usage limit, until ' || to_char(wake_at at time zone 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"))
        .isEqualTo("true");
    assertThat(queue.job(id, "wake_at - clock_timestamp() between '14 min' and '15 min'"))
        .isEqualTo("true");
  }

  @Test
  void aRetryIsChargedUnlessItIsRefunded() throws Exception {
    long id = queue.enqueue(shell("work"));
    RegisterWorker.Registered worker = queue.worker();
    queue.finish(waiting(queue.claimOne(worker), false, Duration.ZERO, "backoff"));
    SweepQueue.sweep(queue.connection);
    assertThat(queue.claimOne(worker).attempt()).isEqualTo(2);
    assertThat(queue.job(id, "executions")).isEqualTo("2");
  }

  @Test
  void refusesAWrongToken() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    LeaseRef wrong = new LeaseRef(id, job.lease().executionId(), UUID.randomUUID());
    FinishJobs.Result result =
        queue.finish(new FinishJobs.Ended(wrong, QueueFixture.completed(), Figures.NONE));
    assertThat(result.lost()).containsExactly(job.lease().executionId());
    assertThat(queue.job(id, "status")).isEqualTo("running");
    assertThat(queue.count("aidp.executions")).isZero();
  }

  @Test
  void refusesAZombieAfterTheReaper() throws Exception {
    long id = queue.enqueue(shell("work"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob zombie = queue.claimOne(worker);
    queue.finish(workerLost(zombie.lease()));
    assertThat(queue.finish(completed(zombie)).lost())
        .containsExactly(zombie.lease().executionId());
    assertThat(queue.job(id, "status")).isEqualTo("queued");
    ClaimedJob next = queue.claimOne(worker);
    assertThat(queue.finish(completed(zombie)).lost())
        .containsExactly(zombie.lease().executionId());
    assertThat(queue.finish(completed(next)).lost()).isEmpty();
    assertThat(queue.column("select status from aidp.executions order by attempt"))
        .containsExactly("interrupted", "completed");
  }

  @Test
  void aBatchThatIsSentAgainChangesNothingAndIsNotLost() throws Exception {
    queue.enqueueMany(3);
    List<FinishJobs.Ended> batch =
        ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 3).stream()
            .map(QueueFixture::completed)
            .toList();
    FinishJobs.finish(queue.connection, batch);
    Object before = queue.value("select array_agg(j::text order by id)::text from aidp.jobs j");
    assertThat(FinishJobs.finish(queue.connection, batch).lost()).isEmpty();
    assertThat(queue.value("select array_agg(j::text order by id)::text from aidp.jobs j"))
        .isEqualTo(before);
    assertThat(queue.count("aidp.executions")).isEqualTo(3);
  }

  @Test
  void aCancelDuringTheRunStopsAJobThatWouldGoOn() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    for (boolean delayed : new boolean[] {false, true}) {
      long id = queue.enqueue(shell("work"));
      ClaimedJob job = queue.claimOne(worker);
      assertThat(CancelJob.cancel(queue.connection, id).orElseThrow().status())
          .isEqualTo(JobStatus.RUNNING);
      FinishJobs.Result result =
          queue.finish(
              delayed
                  ? waiting(job, true, Duration.ofHours(1), "usage limit")
                  : workerLost(job.lease()));
      assertThat(result.ready()).isEmpty();
      assertThat(
              queue.job(
                  id,
                  "concat_ws(' ', status, reason, error_class, completed_at is not null, wake_at)"))
          .isEqualTo("interrupted cancelled cancelled t");
    }
    assertThat(queue.count("aidp.ready")).isZero();
  }

  @Test
  void aCancelThatCameTooLateLeavesTheResult() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    CancelJob.cancel(queue.connection, id);
    queue.finish(completed(job));
    assertThat(queue.job(id, "concat_ws(' ', status, reason, cancel_requested_at)"))
        .isEqualTo("completed");
  }

  @Test
  void finishesABatchOfFiveHundredAndAnEmptyOne() throws Exception {
    queue.enqueueMany(500);
    List<FinishJobs.Ended> batch =
        ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 500).stream()
            .map(QueueFixture::completed)
            .toList();
    assertThat(batch).hasSize(500);
    assertThat(FinishJobs.finish(queue.connection, batch).lost()).isEmpty();
    assertThat(queue.count("aidp.jobs where status = 'completed'")).isEqualTo(500);
    assertThat(FinishJobs.finish(queue.connection, List.of()).lost()).isEmpty();
  }

  @Test
  void storesTextThatPostgresqlWouldRefuse() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    Figures figures = new Figures(1, "a\0b\ud800c", "s\0", Usage.NONE, null, false);
    queue.finish(
        new FinishJobs.Ended(
            job.lease(),
            new Transition(
                JobStatus.FAILED,
                JobStatus.FAILED,
                false,
                false,
                null,
                null,
                "bad \0 byte",
                ErrorClass.UNKNOWN),
            figures));
    assertThat(Objects.requireNonNull(queue.job(id, "error"))).isEqualTo("bad \ufffd byte");
    assertThat(queue.column("select result from aidp.executions"))
        .containsExactly("a\ufffdb\ufffdc");
  }

  @Test
  void keepsTheSessionThatWasStoredDuringTheRun() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    assertThat(MarkBegun.mark(queue.connection, job.lease(), "s-9")).isTrue();
    queue.finish(workerLost(job.lease()));
    assertThat(queue.job(id, "session_id")).isEqualTo("s-9");
    assertThat(queue.column("select session_id from aidp.executions")).containsExactly("s-9");
    assertThat(queue.claimOne(queue.worker()).sessionId()).isEqualTo("s-9");
  }

  @Test
  void sumsUpWhatAJobUsedInASession() throws Exception {
    long id = queue.enqueue(shell("work"));
    for (String session : List.of("s-1", "s-2", "s-1")) {
      ClaimedJob job = queue.claimOne(queue.worker());
      Figures figures = new Figures(1, null, session, new Usage(10, 2, 3), null, false);
      queue.finish(
          new FinishJobs.Ended(job.lease(), workerLost(job.lease()).transition(), figures));
    }

    assertThat(ReadSessionUsage.of(queue.connection, id, "s-1")).isEqualTo(new Usage(20, 4, 6));
    assertThat(ReadSessionUsage.of(queue.connection, id, "s-3")).isEqualTo(Usage.NONE);
    assertThat(ReadSessionUsage.of(queue.connection, id + 1, "s-1")).isEqualTo(Usage.NONE);
  }
}
