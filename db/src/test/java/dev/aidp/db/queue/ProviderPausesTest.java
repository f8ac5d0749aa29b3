package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.agent;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Transition;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ReadJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A provider at its usage limit: who may claim what, and how the jobs in line look meanwhile.
class ProviderPausesTest {
  private static final ClaimKey DEMO = new ClaimKey("", "demo", 0);
  private static final Duration HOUR = Duration.ofHours(1);

  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private static FinishJobs.Ended limited(ClaimedJob job, Duration delay) {
    return new FinishJobs.Ended(
        job.lease(),
        new Transition(
            JobStatus.FAILED,
            JobStatus.WAITING,
            true,
            false,
            delay,
            "usage limit",
            "limit reached",
            ErrorClass.USAGE_LIMIT),
        Figures.NONE);
  }

  /// Takes a job of the demo provider and lets it meet the limit.
  private long meetLimit(RegisterWorker.Registered worker, Duration delay) throws SQLException {
    queue.enqueue(agent("first"));
    ClaimedJob job = queue.claimOne(worker, DEMO);
    queue.finish(limited(job, delay));
    return job.lease().jobId();
  }

  private void runOut() {
    queue.database.execute("update aidp.provider_pauses set until_at = clock_timestamp()");
  }

  private List<ClaimedJob> claim(RegisterWorker.Registered worker, ClaimKey key)
      throws SQLException {
    return ClaimJobs.claim(queue.connection, key, null, worker.id(), 10);
  }

  private Optional<ClaimedJob> probe(RegisterWorker.Registered worker) throws SQLException {
    return ClaimProbe.claim(queue.connection, DEMO, worker.id());
  }

  private Job read(long id) throws SQLException {
    return ReadJobs.byId(queue.connection, id).orElseThrow();
  }

  @Test
  void aLimitPausesTheProviderOnThatHostAndNothingElse() throws Exception {
    RegisterWorker.Registered here = queue.worker("here");
    RegisterWorker.Registered there = queue.worker("there");
    meetLimit(here, HOUR);
    long second = queue.enqueue(agent("second"));
    long command = queue.enqueue(shell("true"));
    assertThat(claim(here, DEMO)).isEmpty();
    assertThat(probe(here)).isEmpty();
    assertThat(claim(here, QueueFixture.SHELL))
        .extracting(job -> job.lease().jobId())
        .containsExactly(command);
    assertThat(claim(there, DEMO)).extracting(job -> job.lease().jobId()).containsExactly(second);
    ListPauses.Pause pause = ListPauses.active(queue.connection).getFirst();
    assertThat(pause.host()).isEqualTo("here");
    assertThat(pause.provider()).isEqualTo("demo");
    assertThat(pause.error()).isEqualTo("limit reached");
    assertThat(pause.left()).isBetween(HOUR.minusMinutes(2), HOUR);
  }

  @Test
  void jobsThatAreHeldBackAreShownAsWaitingWithTheTime() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    long first = meetLimit(worker, HOUR);
    long held = queue.enqueue(agent("held").host("here"));
    long any = queue.enqueue(agent("any"));
    long other = queue.enqueue(shell("other"));
    for (long id : List.of(held, any)) {
      assertThat(read(id).status()).isEqualTo(JobStatus.WAITING);
      assertThat(read(id).reason()).startsWith("usage limit of demo, until 2");
    }
    assertThat(read(first).status()).isEqualTo(JobStatus.WAITING);
    assertThat(read(first).reason()).startsWith("usage limit, until 2");
    assertThat(read(first).attempt()).isZero();
    assertThat(read(other).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(list(JobStatus.WAITING)).containsExactly(any, held, first);
    assertThat(list(JobStatus.QUEUED)).containsExactly(other);
    assertThat(FollowJobs.standings(queue.connection, List.of(held)).getFirst().status())
        .isEqualTo(JobStatus.WAITING);
    CountJobs.Counts counts = CountJobs.byStatus(queue.connection);
    assertThat(counts.of(JobStatus.WAITING).atLeast()).isEqualTo(3);
    assertThat(counts.of(JobStatus.QUEUED).atLeast()).isEqualTo(1);

    // A worker elsewhere could take the one that is bound to no host.
    queue.worker("there");
    assertThat(read(any).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(read(held).status()).isEqualTo(JobStatus.WAITING);
  }

  private List<Long> list(JobStatus status) throws SQLException {
    return ReadJobs.list(queue.connection, new ReadJobs.Filter(status, null, null, null, 10), false)
        .stream()
        .map(Job::id)
        .toList();
  }

  @Test
  void afterTheResetOneJobGoesFirstWhoeverAsks() throws Exception {
    meetLimit(queue.worker("here"), HOUR);
    for (int i = 0; i < 20; i++) {
      queue.enqueue(agent("job " + i));
    }
    runOut();
    for (int round = 0; round < 5; round++) {
      List<Optional<ClaimedJob>> claimed =
          queue.together(
              8,
              (own, _) -> {
                RegisterWorker.Registered worker = QueueFixture.worker(own, "here");
                assertThat(ClaimJobs.claim(own, DEMO, null, worker.id(), 10)).isEmpty();
                return ClaimProbe.claim(own, DEMO, worker.id());
              });
      List<ClaimedJob> probes = claimed.stream().flatMap(Optional::stream).toList();
      assertThat(probes).hasSizeLessThanOrEqualTo(1);
      if (!probes.isEmpty()) {
        assertThat(probe(queue.worker("here"))).isEmpty();
        // Its worker dies: the place is free again.
        queue.finish(QueueFixture.workerLost(probes.getFirst().lease()));
      }
    }
    assertThat(probe(queue.worker("here"))).isPresent();
  }

  @Test
  void theProbesAnswerLetsTheOthersGo() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    long first = meetLimit(worker, HOUR);
    queue.enqueue(agent("second"));
    long third = queue.enqueue(agent("third"));
    runOut();
    ClaimedJob probe = probe(worker).orElseThrow();
    assertThat(read(third).reason())
        .isEqualTo(
            "usage limit of demo: job %d goes first to see whether it has ended"
                .formatted(probe.lease().jobId()));

    LiftPause.Lifted lifted = LiftPause.ofProbe(queue.connection, probe.lease().executionId());

    assertThat(lifted).isEqualTo(new LiftPause.Lifted(true, 1));
    assertThat(claim(worker, DEMO)).extracting(job -> job.lease().jobId()).containsExactly(third);
    assertThat(ListPauses.active(queue.connection)).isEmpty();
    SweepQueue.sweep(queue.connection);
    assertThat(read(first).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(LiftPause.ofProbe(queue.connection, probe.lease().executionId()).lifted()).isFalse();
  }

  @Test
  void aProbeThatMeetsTheLimitExtendsThePauseAndTheNextWaitsLonger() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    meetLimit(worker, HOUR);
    for (int limits = 1; limits <= 3; limits++) {
      queue.enqueue(agent("next"));
      runOut();
      ClaimedJob probe = probe(worker).orElseThrow();
      assertThat(probe.standing(true, true).limitsMet()).isEqualTo(limits);
      queue.finish(limited(probe, Duration.ofMinutes(30)));
      assertThat(probe(worker)).isEmpty();
      assertThat(claim(worker, DEMO)).isEmpty();
      assertThat(ListPauses.all(queue.connection).getFirst().left())
          .isBetween(Duration.ofMinutes(28), Duration.ofMinutes(30));
    }
  }

  @Test
  void whatWasUnderWayWhenTheLimitWasMetOnlyMakesThePauseLonger() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    List<ClaimedJob> running = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      queue.enqueue(agent("job " + i));
      running.add(queue.claimOne(worker, DEMO));
    }
    queue.finish(limited(running.get(0), HOUR));
    queue.finish(limited(running.get(1), Duration.ofMinutes(15)));
    assertThat(ListPauses.all(queue.connection).getFirst().left())
        .isBetween(HOUR.minusMinutes(2), HOUR);
    queue.finish(limited(running.get(2), HOUR.multipliedBy(3)));
    assertThat(ListPauses.all(queue.connection).getFirst().left())
        .isBetween(HOUR.multipliedBy(3).minusMinutes(2), HOUR.multipliedBy(3));
    assertThat(queue.value("select limits_met from aidp.provider_pauses")).isEqualTo(1);
  }

  @Test
  void anEndThatWasRefusedPausesNothing() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    queue.enqueue(agent("job"));
    ClaimedJob job = queue.claimOne(worker, DEMO);
    queue.finish(completed(job));
    assertThat(queue.finish(limited(job, HOUR)).lost()).containsExactly(job.lease().executionId());
    assertThat(ListPauses.all(queue.connection)).isEmpty();
  }

  @Test
  void aUserEndsAPauseByHand() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    meetLimit(worker, HOUR);
    long second = queue.enqueue(agent("second"));
    assertThat(LiftPause.byHand(queue.connection, "there", "demo").lifted()).isFalse();
    assertThat(claim(worker, DEMO)).isEmpty();
    assertThat(LiftPause.byHand(queue.connection, "here", "demo"))
        .isEqualTo(new LiftPause.Lifted(true, 1));
    assertThat(claim(worker, DEMO)).extracting(job -> job.lease().jobId()).containsExactly(second);
  }

  @Test
  void aPauseThatHasRunOutWithNothingToTryItWithIsNotShown() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    long first = meetLimit(worker, HOUR);
    CancelJob.cancel(queue.connection, first);
    runOut();
    assertThat(ListPauses.active(queue.connection)).isEmpty();
    queue.enqueue(agent("second"));
    assertThat(ListPauses.active(queue.connection)).hasSize(1);
    assertThat(probe(worker)).isPresent();
  }

  @Test
  void aClaimOfAPausedProviderReadsNothingOfTheLine() throws Exception {
    RegisterWorker.Registered worker = queue.worker("here");
    meetLimit(worker, HOUR);
    queue.database.execute(
        """
        insert into aidp.ready (host, provider, priority, job_id)
        select '', 'demo', 0, n from generate_series(1000, 20000) n
        """);
    long before = readyRows(queue.connection);
    for (int i = 0; i < 50; i++) {
      assertThat(claim(worker, DEMO)).isEmpty();
    }
    assertThat(readyRows(queue.connection)).isEqualTo(before);
  }

  private static long readyRows(Connection connection) throws SQLException {
    QueueFixture.value(connection, "select pg_stat_force_next_flush()::text");
    Object read =
        QueueFixture.value(
            connection,
            "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables"
                + " where relid = 'aidp.ready'::regclass");
    return ((Number) read).longValue();
  }
}
