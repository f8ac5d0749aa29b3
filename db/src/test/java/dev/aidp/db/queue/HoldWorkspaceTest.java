package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static dev.aidp.db.queue.QueueFixture.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.JobSpec.Isolation;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.FindMatchingJobs;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadRunGraph;
import dev.aidp.db.read.ReadRuns;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HoldWorkspaceTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private long enqueue(String workspace, Isolation isolation, Long... within) throws SQLException {
    JobSpec plain = shell("work").build();
    JobSpec spec =
        new JobSpec(
            plain.name(),
            null,
            null,
            plain.work(),
            new JobSpec.Place(
                Path.of(workspace), "here:" + workspace, null, isolation, List.of(within)),
            plain.limits(),
            plain.schedule(),
            null,
            List.of(),
            plain.metadata());
    return EnqueueJobs.enqueue(queue.connection, spec).jobId();
  }

  private List<Long> claimed(RegisterWorker.Registered worker) throws SQLException {
    return claim(queue.connection, worker).stream().map(job -> job.lease().jobId()).toList();
  }

  private static List<ClaimedJob> claim(Connection connection, RegisterWorker.Registered worker)
      throws SQLException {
    return ClaimJobs.claim(connection, SHELL, null, worker.id(), 10);
  }

  private String reason(long id) throws SQLException {
    return String.valueOf(ReadJobs.byId(queue.connection, id).orElseThrow().reason());
  }

  @Test
  void whileItHasTheWorkspaceNobodyElseIsClaimedThere() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob job = queue.claimOne(worker);
    assertThat(HoldWorkspace.take(queue.connection, job.lease())).isTrue();

    long other = enqueue("/w", Isolation.NONE);
    long second = enqueue("/w", Isolation.EXCLUSIVE);
    long elsewhere = enqueue("/v", Isolation.NONE);
    long apart = enqueue("/w", Isolation.WORKTREE);

    assertThat(claimed(worker)).containsExactly(elsewhere, apart);
    assertThat(reason(other)).isEqualTo("job " + alone + " has its workspace to itself");

    queue.finish(completed(job));
    assertThat(claimed(worker)).containsExactly(other, second);
  }

  @Test
  void itWaitsForWhoIsThereAndNobodyComesBetween() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    long before = enqueue("/w", Isolation.NONE);
    ClaimedJob running = queue.claimOne(worker);
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob tried = queue.claimOne(worker);

    assertThat(HoldWorkspace.take(queue.connection, tried.lease())).isFalse();

    assertThat(queue.job(alone, "concat_ws(' ', status, attempt, executions, started_at is null)"))
        .isEqualTo("queued 0 0 t");
    assertThat(queue.count("aidp.executions")).isZero();
    long after = enqueue("/w", Isolation.NONE);
    assertThat(claimed(worker)).isEmpty();
    assertThat(reason(alone)).isEqualTo("job " + before + " is in its workspace");
    assertThat(reason(after)).isEqualTo("job " + alone + " waits to have its workspace to itself");

    queue.finish(completed(running));
    ClaimedJob job = queue.claimOne(worker);
    assertThat(job.lease().jobId()).isEqualTo(alone);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(HoldWorkspace.take(queue.connection, job.lease())).isTrue();
    assertThat(claimed(worker)).isEmpty();
  }

  @Test
  void ofTwoThatWantItOneHasItAfterTheOther() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.EXCLUSIVE);
    enqueue("/w", Isolation.EXCLUSIVE);
    List<ClaimedJob> both = claim(queue.connection, worker);

    List<Boolean> taken =
        queue.together(2, (own, i) -> HoldWorkspace.take(own, both.get(i).lease()));

    // Each saw the other's lease, or the one that was first has given its own back.
    assertThat(taken.stream().filter(it -> it).count()).isLessThanOrEqualTo(1);
    int ended = 0;
    for (int i = 0; i < 2; i++) {
      if (taken.get(i)) {
        queue.finish(completed(both.get(i)));
        ended++;
      }
    }
    while (ended < 2) {
      ClaimedJob next = queue.claimOne(worker);
      assertThat(HoldWorkspace.take(queue.connection, next.lease())).isTrue();
      queue.finish(completed(next));
      ended++;
    }
  }

  @Test
  void whoIsHeldBackIsShownAsWaitingEverywhere() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob job = queue.claimOne(worker);
    HoldWorkspace.take(queue.connection, job.lease());
    long other = enqueue("/w", Isolation.NONE);
    String reason = "job " + alone + " has its workspace to itself";

    assertThat(
            ReadJobs.list(
                    queue.connection,
                    new ReadJobs.Filter(JobStatus.WAITING, null, null, null, 10),
                    false)
                .stream()
                .map(Job::id))
        .containsExactly(other);
    FollowJobs.Standing standing =
        FollowJobs.standings(queue.connection, List.of(other)).getFirst();
    assertThat(standing.status()).isEqualTo(JobStatus.WAITING);
    assertThat(standing.reason()).isEqualTo(reason);
    assertThat(CountJobs.byStatus(queue.connection).of(JobStatus.WAITING).atLeast()).isEqualTo(1);
    UUID runId = ReadJobs.byId(queue.connection, other).orElseThrow().runId();
    Run run = ReadRuns.byId(queue.connection, runId).orElseThrow();
    assertThat(run.status()).isEqualTo(JobStatus.WAITING);
    assertThat(run.reason()).isEqualTo(reason);
    assertThat(ReadRuns.latest(queue.connection, 10, true).getFirst().status())
        .isEqualTo(JobStatus.WAITING);
    RunNode node = ReadRuns.nodes(queue.connection, runId, false).getFirst();
    assertThat(node.status()).isEqualTo(JobStatus.WAITING);
    assertThat(node.reason()).isEqualTo(reason);
    ReadRunGraph.NodeRow row = ReadRunGraph.nodes(queue.connection, runId, 10).getFirst();
    assertThat(row.status()).isEqualTo(JobStatus.WAITING);
    assertThat(row.note()).isEqualTo(reason);
    assertThat(
            FindMatchingJobs.step(
                    queue.connection,
                    new JobFilter(Set.of(JobStatus.WAITING), null, null, List.of()),
                    FindMatchingJobs.Direction.OLDER,
                    Long.MAX_VALUE,
                    10)
                .ids())
        .containsExactly(other);
  }

  @Test
  void whatIsQueuedOutOfTheHolderRunsBesideIt() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob outer = queue.claimOne(worker);
    HoldWorkspace.take(queue.connection, outer.lease());

    long child = enqueue("/w", Isolation.EXCLUSIVE, outer.lease().executionId());
    ClaimedJob inner = queue.claimOne(worker);
    assertThat(inner.lease().jobId()).isEqualTo(child);
    assertThat(HoldWorkspace.take(queue.connection, inner.lease())).isTrue();

    long sibling = enqueue("/w", Isolation.NONE, outer.lease().executionId());
    long grandchild =
        enqueue("/w", Isolation.NONE, outer.lease().executionId(), inner.lease().executionId());
    enqueue("/w", Isolation.NONE);
    assertThat(claimed(worker)).containsExactly(grandchild);
    assertThat(reason(sibling)).isEqualTo("job " + child + " has its workspace to itself");
  }

  /// Else neither would ever run: it waits for the one that queued it, which waits for it.
  @Test
  void whatIsQueuedOutOfWhoIsWaitedForIsNotHeldBack() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.NONE);
    ClaimedJob running = queue.claimOne(worker);
    enqueue("/w", Isolation.EXCLUSIVE);
    HoldWorkspace.take(queue.connection, queue.claimOne(worker).lease());

    long child = enqueue("/w", Isolation.NONE, running.lease().executionId());
    assertThat(claimed(worker)).containsExactly(child);
  }

  @Test
  void theEndOfEitherSideTellsWhoMayBegin() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.NONE);
    ClaimedJob before = queue.claimOne(worker);
    enqueue("/w", Isolation.EXCLUSIVE);
    HoldWorkspace.take(queue.connection, queue.claimOne(worker).lease());

    assertThat(FinishJobs.finish(queue.connection, List.of(completed(before))).ready())
        .containsExactly(SHELL);

    ClaimedJob alone = queue.claimOne(worker);
    HoldWorkspace.take(queue.connection, alone.lease());
    enqueue("/w", Isolation.NONE);
    assertThat(FinishJobs.finish(queue.connection, List.of(completed(alone))).ready())
        .containsExactly(SHELL);
  }

  @Test
  void oneThatIsCancelledWhileItWaitsKeepsNobody() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.NONE);
    queue.claimOne(worker);
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    HoldWorkspace.take(queue.connection, queue.claimOne(worker).lease());
    long after = enqueue("/w", Isolation.NONE);

    CancelJob.cancel(queue.connection, alone);

    assertThat(claimed(worker)).containsExactly(after);
  }

  @Test
  void aCrashFreesTheWorkspace() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob job = queue.claimOne(worker);
    assertThat(HoldWorkspace.take(queue.connection, job.lease())).isTrue();
    long other = enqueue("/w", Isolation.NONE);

    queue.finish(workerLost(job.lease()));

    assertThat(claimed(worker)).containsExactlyInAnyOrder(alone, other);
    SweepQueue.sweep(queue.connection);
    assertThat(queue.count("aidp.workspace_holds")).isZero();
  }

  @Test
  void aLostLeaseHoldsNothing() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob job = queue.claimOne(worker);
    queue.finish(workerLost(job.lease()));

    assertThat(HoldWorkspace.take(queue.connection, job.lease())).isFalse();
    assertThat(queue.count("aidp.workspace_holds")).isZero();
  }

  @Test
  void aClaimThatIsUnderWayIsSeen() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    enqueue("/w", Isolation.EXCLUSIVE);
    ClaimedJob job = queue.claimOne(worker);
    enqueue("/w", Isolation.NONE);
    try (Connection claiming = queue.open();
        Connection taking = queue.open()) {
      claiming.setAutoCommit(false);
      assertThat(claim(claiming, worker)).hasSize(1);

      Future<Boolean> take = queue.start(() -> HoldWorkspace.take(taking, job.lease()));
      queue.awaitBlocked(1);
      claiming.commit();

      assertThat(QueueFixture.await(take)).isFalse();
    }
  }

  /// Its snapshot must not be older than the commit that it waited for, also when its plan is kept.
  @Test
  void aClaimThatHadToWaitSeesTheHold() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    long alone = enqueue("/w", Isolation.EXCLUSIVE);
    queue.claimOne(worker);
    enqueue("/w", Isolation.NONE);
    RegisterWorker.Registered dead = queue.worker("elsewhere");
    queue.database.execute(
        "update aidp.workers set ended_at = now(), end_reason = 'lost' where id = " + dead.id());
    try (Connection claiming = queue.open();
        Connection taking = queue.open()) {
      for (int i = 0; i < 10; i++) {
        assertThat(claim(claiming, dead)).isEmpty();
      }
      taking.setAutoCommit(false);
      try (Statement statement = taking.createStatement()) {
        statement.execute("lock table aidp.leases in share row exclusive mode");
        statement.execute(
            "insert into aidp.workspace_holds select job_id, execution_id, 'here:/w', '/w', null,"
                + " now() from aidp.leases where job_id = "
                + alone);
      }
      Future<List<ClaimedJob>> claim = queue.start(() -> claim(claiming, worker));
      queue.awaitBlocked(1);
      taking.commit();

      assertThat(QueueFixture.await(claim)).isEmpty();
    }
  }
}
