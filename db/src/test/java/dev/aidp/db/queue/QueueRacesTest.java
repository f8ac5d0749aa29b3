package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.await;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.failed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static dev.aidp.db.queue.QueueFixture.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Interleavings of two statements that went wrong once, or could: each is brought about by a third
/// connection that holds one of them up.
class QueueRacesTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  /// Holds up whoever queues a job with this key, until it is rolled back.
  private Connection holdKey(String key) throws Exception {
    Connection holder = queue.open();
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement()) {
      statement.execute(
          "insert into aidp.jobs (name, provider, prompt, max_attempts, idempotency_key)"
              + " values ('x', 'shell', 'x', 1, '"
              + key
              + "')");
    }
    return holder;
  }

  private Future<EnqueueJobs.Enqueued> startEnqueue(QueueFixture.Spec spec) {
    return queue.start(() -> {
      try (Connection own = queue.open()) {
        return EnqueueJobs.enqueue(own, spec.build());
      }
    });
  }

  private Future<FinishJobs.Result> startFinish(FinishJobs.Ended ended) {
    return queue.start(() -> {
      try (Connection own = queue.open()) {
        return FinishJobs.finish(own, List.of(ended));
      }
    });
  }

  @Test
  void aDependentThatIsQueuedWhileItsDependencyCompletesIsReleased() throws Exception {
    long parent = queue.enqueue(shell("parent"));
    ClaimedJob running = queue.claimOne(queue.worker());
    try (Connection holder = holdKey("k")) {
      Future<EnqueueJobs.Enqueued> child = startEnqueue(shell("child").needs(parent).key("k"));
      queue.awaitBlocked(1);
      Future<FinishJobs.Result> finish = startFinish(completed(running));
      queue.awaitBlocked(2);
      holder.rollback();
      long id = await(child).jobId();
      assertThat(await(finish).lost()).isEmpty();
      assertThat(queue.job(id, "status")).isEqualTo("queued");
      assertThat(queue.job(id, "pending_dependencies")).isEqualTo("0");
    }
  }

  @Test
  void aDependentOfADependentThatIsQueuedWhileItsRootFailsIsInterrupted() throws Exception {
    long root = queue.enqueue(shell("root"));
    long child = queue.enqueue(shell("child").needs(root));
    ClaimedJob running = queue.claimOne(queue.worker());
    try (Connection holder = holdKey("k")) {
      Future<EnqueueJobs.Enqueued> grandchild =
          startEnqueue(shell("grandchild").needs(child).key("k"));
      queue.awaitBlocked(1);
      Future<FinishJobs.Result> finish = startFinish(failed(running));
      queue.awaitBlocked(2);
      holder.rollback();
      long id = await(grandchild).jobId();
      await(finish);
      assertThat(queue.job(child, "status")).isEqualTo("interrupted");
      assertThat(queue.job(id, "status")).isEqualTo("interrupted");
      assertThat(queue.job(id, "reason")).isEqualTo("needs root (failed)");
    }
  }

  @Test
  void aRetriedDependentCountsADependencyThatCompletesMeanwhile() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    for (int i = 0; i < 100; i++) {
      long parent = queue.enqueue(shell("parent"));
      long child = queue.enqueue(shell("child").needs(parent));
      CancelJob.cancel(queue.connection, child);
      ClaimedJob running = queue.claimOne(worker);
      queue.together(
          2,
          (own, number) -> {
            if (number == 0) {
              RetryJob.retry(own, child, RetryJob.From.SCRATCH);
            } else {
              FinishJobs.finish(own, List.of(completed(running)));
            }
            return number;
          });
      assertThat(queue.job(child, "status || ' ' || pending_dependencies"))
          .as("round %d", i)
          .isEqualTo("queued 0");
      queue.finish(completed(queue.claimOne(worker)));
    }
  }

  @Test
  void cancellingAJobWhoseTimeHasJustComeLeavesNoPlaceInLine() throws Exception {
    long id = queue.enqueue(shell("later").delay(Duration.ofHours(1)));
    queue.database.execute("update aidp.jobs set wake_at = now() - interval '1 s'");
    try (Connection sweeper = queue.open()) {
      sweeper.setAutoCommit(false);
      SweepQueue.sweep(sweeper);
      Future<?> cancel =
          queue.start(() -> {
            try (Connection own = queue.open()) {
              return CancelJob.cancel(own, id);
            }
          });
      queue.awaitBlocked(1);
      sweeper.commit();
      await(cancel);
    }
    assertThat(queue.job(id, "status")).isEqualTo("interrupted");
    assertThat(queue.count("aidp.ready")).isZero();
  }

  @Test
  void aJobWithTwoPlacesInLineIsHandedOutOnce() throws Exception {
    long id = queue.enqueue(shell("once"));
    queue.database.execute(
        "insert into aidp.ready (host, provider, priority, job_id) values ('', 'shell', 0, "
            + id
            + ")");
    List<ClaimedJob> claimed =
        ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 5);
    assertThat(claimed).hasSize(1);
  }

  @Test
  void aBatchMayHoldALostAndTheCurrentExecutionOfOneJob() throws Exception {
    long id = queue.enqueue(shell("twice"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob first = queue.claimOne(worker);
    queue.finish(workerLost(first.lease()));
    ClaimedJob second = queue.claimOne(worker);
    FinishJobs.Result result = queue.finish(completed(first), completed(second));
    assertThat(result.lost()).containsExactly(first.lease().executionId());
    assertThat(queue.job(id, "status")).isEqualTo("completed");
    assertThat(queue.count("aidp.executions where job_id = " + id)).isEqualTo(2);
  }

  @Test
  void aWorkerThatWasDeclaredDeadDuringItsClaimStartsNothing() throws Exception {
    queue.enqueue(shell("late"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob claimed = queue.claimOne(worker);
    assertThat(EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.LOST, null)).isTrue();
    assertThat(MarkBegun.mark(queue.connection, claimed.lease(), null)).isFalse();
  }

  @Test
  void cancelAndClaimNeverDeadlockAndNeverBothWin() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    for (int i = 0; i < 200; i++) {
      long id = queue.enqueue(shell("contested"));
      List<Object> results =
          queue.together(
              2,
              (own, number) ->
                  number == 0
                      ? ClaimJobs.claim(own, SHELL, null, worker.id(), 1)
                      : CancelJob.cancel(own, id));
      List<?> claimed = (List<?>) results.get(0);
      Optional<?> cancelled = (Optional<?>) results.get(1);
      assertThat(((CancelJob.Cancelled) cancelled.orElseThrow()).status())
          .isEqualTo(claimed.isEmpty() ? JobStatus.INTERRUPTED : JobStatus.RUNNING);
      assertThat(queue.count("aidp.ready")).isZero();
      assertThat(queue.count("aidp.leases where job_id = " + id)).isEqualTo(claimed.size());
      assertThat(queue.job(id, "cancel_requested_at is not null"))
          .isEqualTo(claimed.isEmpty() ? "false" : "true");
      for (Object job : claimed) {
        queue.finish(completed((ClaimedJob) job));
      }
    }
  }
}
