package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.agent;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.failed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.db.read.ReadJobs;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadJobsTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private Job read(long id) throws SQLException {
    return ReadJobs.byId(queue.connection, id).orElseThrow();
  }

  private List<Long> list(
      @Nullable JobStatus status,
      @Nullable String provider,
      ReadJobs.@Nullable UuidRange run,
      @Nullable Long before,
      int limit)
      throws SQLException {
    return ReadJobs.list(
            queue.connection, new ReadJobs.Filter(status, provider, run, before, limit), false)
        .stream()
        .map(Job::id)
        .toList();
  }

  @Test
  void listsTheNewestFirstByAnyMixOfFilters() throws Exception {
    long a = queue.enqueue(shell("a"));
    long b = queue.enqueue(agent("b"));
    long c = queue.enqueue(shell("c").delay(Duration.ofHours(1)));
    assertThat(list(null, null, null, null, 10)).containsExactly(c, b, a);
    assertThat(list(null, null, null, null, 2)).containsExactly(c, b);
    assertThat(list(null, null, null, c, 10)).containsExactly(b, a);
    assertThat(list(JobStatus.QUEUED, null, null, null, 10)).containsExactly(b, a);
    assertThat(list(null, "shell", null, null, 10)).containsExactly(c, a);
    assertThat(list(JobStatus.QUEUED, "shell", null, c, 10)).containsExactly(a);
    String run = read(b).runId().toString();
    assertThat(list(null, null, ReadJobs.UuidRange.ofPrefix(run).orElseThrow(), null, 10))
        .containsExactly(b);
    assertThat(
            list(JobStatus.WAITING, "shell", ReadJobs.UuidRange.ofPrefix(run).orElseThrow(), c, 10))
        .isEmpty();
    assertThat(ReadJobs.byIds(queue.connection, List.of(a, 99L, c), false))
        .extracting(Job::id)
        .containsExactly(c, a);
    assertThat(ReadJobs.byId(queue.connection, 4711)).isEmpty();
  }

  @Test
  void anyPrefixOfARunIdOfFourDigitsOrMoreIsARange() {
    assertThat(ReadJobs.UuidRange.ofPrefix("ABCD"))
        .contains(
            new ReadJobs.UuidRange(
                UUID.fromString("abcd0000-0000-0000-0000-000000000000"),
                UUID.fromString("abcdffff-ffff-ffff-ffff-ffffffffffff")));
    assertThat(ReadJobs.UuidRange.ofPrefix("01234567-89ab")).isPresent();
    for (String bad : List.of("", "abc", "xyzw", "abcd'", "0".repeat(33))) {
      assertThat(ReadJobs.UuidRange.ofPrefix(bad)).as(bad).isEqualTo(Optional.empty());
    }
  }

  @Test
  void aQueuedJobThatNobodyTakesSaysSo() throws Exception {
    long any = queue.enqueue(shell("any"));
    long elsewhere = queue.enqueue(shell("elsewhere").host("there"));
    assertThat(read(any).reason()).isEqualTo("no live worker takes shell");
    assertThat(read(elsewhere).reason()).isEqualTo("no live worker on there takes shell");
    queue.worker("here");
    assertThat(read(any).reason()).isNull();
    assertThat(read(elsewhere).reason()).isEqualTo("no live worker on there takes shell");
  }

  @Test
  void addsUpWhatItsExecutionsUsed() throws Exception {
    long id = queue.enqueue(shell("work"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob first = queue.claimOne(worker);
    FinishJobs.Ended lost = QueueFixture.workerLost(first.lease());
    queue.finish(
        new FinishJobs.Ended(
            lost.lease(),
            lost.transition(),
            new Figures(null, null, "s", new Usage(1, 2, 3), new BigDecimal("0.5"), false)));
    ClaimedJob second = queue.claimOne(worker);
    queue.finish(
        new FinishJobs.Ended(
            second.lease(),
            QueueFixture.completed(),
            new Figures(0, "answer", null, new Usage(10, 20, 30), new BigDecimal("0.25"), true)));
    Job job = read(id);
    assertThat(job.usage()).isEqualTo(new Usage(11, 22, 33));
    assertThat(job.costUsd()).isEqualByComparingTo("0.75");
    assertThat(job.costEstimated()).isTrue();
    assertThat(job.result()).isEqualTo("answer");
    assertThat(job.sessionId()).isEqualTo("s");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.crashCount()).isEqualTo(1);
    assertThat(job.duration()).isNotNull();
    assertThat(ReadJobs.executions(queue.connection, id))
        .extracting(
            e -> e.attempt() + " " + e.status().word() + " " + e.host() + " " + e.errorClass())
        .containsExactly("1 interrupted here WORKER_LOST", "2 completed here null");
    assertThat(
            ReadJobs.list(queue.connection, new ReadJobs.Filter(null, null, null, null, 1), false)
                .getFirst()
                .result())
        .isNull();
  }

  @Test
  void showsARunningJobWithWhatItDoes() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob running = queue.claimOne(queue.worker());
    AppendLogs.append(
        queue.connection,
        List.of(new AppendLogs.Batch(running.lease(), List.of(), "s", "thinks", 77)));
    Job job = read(id);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.progress()).isEqualTo("thinks");
    assertThat(job.sessionId()).isEqualTo("s");
    assertThat(job.usage()).isEqualTo(Usage.NONE);
    assertThat(job.costUsd()).isNull();
    assertThat(ReadJobs.executions(queue.connection, id))
        .singleElement()
        .satisfies(execution -> {
          assertThat(execution.status()).isEqualTo(JobStatus.RUNNING);
          assertThat(execution.pid()).isEqualTo(77);
          assertThat(execution.completedAt()).isNull();
        });
    CancelJob.cancel(queue.connection, id);
    assertThat(read(id).reason()).isEqualTo("cancel requested");
  }

  @Test
  void showsWhyAJobFailed() throws Exception {
    long id = queue.enqueue(shell("work"));
    queue.finish(failed(queue.claimOne(queue.worker())));
    Job job = read(id);
    assertThat(job.error()).isEqualTo("exit code 1");
    assertThat(job.errorClass()).isEqualTo(ErrorClass.COMMAND_FAILED);
    assertThat(job.exitCode()).isEqualTo(1);
    assertThat(job.artifactsDirectory()).isNull();
    assertThat(job.metadata()).isEqualTo("{}");
  }

  @Test
  void aPageOfAHundredThousandJobsReadsOnlyThatPage() throws Exception {
    queue.enqueueMany(100_000);
    ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 3).stream()
        .map(job -> List.of(completed(job)))
        .forEach(ended -> {
          try {
            FinishJobs.finish(queue.connection, ended);
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        });
    UUID run = read(5).runId();
    queue.value("select pg_stat_force_next_flush()::text");
    Object before = scans();
    assertThat(list(null, null, null, null, 20)).hasSize(20).first().isEqualTo(100_000L);
    assertThat(list(null, null, null, 50L, 20)).hasSize(20).first().isEqualTo(49L);
    assertThat(list(null, null, new ReadJobs.UuidRange(run, run), null, 20)).containsExactly(5L);
    assertThat(scans()).isEqualTo(before);
  }

  private Object scans() throws SQLException {
    queue.value("select pg_stat_force_next_flush()::text");
    return queue.value("select seq_scan from pg_stat_user_tables where relname = 'jobs'");
  }
}
