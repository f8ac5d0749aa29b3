package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.failed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DependentsTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private String standing(long id) throws Exception {
    return String.valueOf(
        queue.job(id, "concat_ws(' ', status, pending_dependencies, '|' || reason)"));
  }

  @Test
  void aJobStartsWhenAllThatItNeedsHasCompleted() throws Exception {
    long one = queue.enqueue(shell("one"));
    long two = queue.enqueue(shell("two"));
    long child = queue.enqueue(shell("child").needs(one, two));
    assertThat(standing(child)).isEqualTo("waiting 2 |needs one, two");
    RegisterWorker.Registered worker = queue.worker();
    assertThat(queue.finish(completed(queue.claimOne(worker))).ready()).isEmpty();
    assertThat(standing(child)).isEqualTo("waiting 1 |needs one, two");
    assertThat(queue.finish(completed(queue.claimOne(worker))).ready()).containsExactly(SHELL);
    assertThat(standing(child)).isEqualTo("queued 0");
    assertThat(queue.claimOne(worker).lease().jobId()).isEqualTo(child);
  }

  @Test
  void aReleasedJobStillWaitsForItsTime() throws Exception {
    long parent = queue.enqueue(shell("parent"));
    long child = queue.enqueue(shell("child").needs(parent).delay(Duration.ofHours(1)));
    queue.finish(completed(queue.claimOne(queue.worker())));
    assertThat(standing(child)).startsWith("waiting 0 |starts at 2");
    queue.database.execute("update aidp.jobs set wake_at = now() where wake_at is not null");
    assertThat(SweepQueue.sweep(queue.connection).keys()).containsExactly(SHELL);
    assertThat(standing(child)).isEqualTo("queued 0");
  }

  @Test
  void aFailureInterruptsWhatNeedsItAndLeavesTheRest() throws Exception {
    long root = queue.enqueue(shell("root"));
    long other = queue.enqueue(shell("other"));
    long left = queue.enqueue(shell("left").needs(root));
    long right = queue.enqueue(shell("right").needs(root, other));
    long bottom = queue.enqueue(shell("bottom").needs(left, right));
    long free = queue.enqueue(shell("free").needs(other));
    RegisterWorker.Registered worker = queue.worker();
    queue.finish(failed(queue.claimOne(worker)));
    for (long id : List.of(left, right, bottom)) {
      assertThat(queue.job(id, "status || '|' || reason || '|' || (completed_at is not null)"))
          .isEqualTo("interrupted|needs root (failed)|true");
    }
    queue.finish(completed(queue.claimOne(worker)));
    assertThat(standing(free)).isEqualTo("queued 0");
    assertThat(standing(right)).startsWith("interrupted");
  }

  @Test
  void cancellingAJobInterruptsWhatNeedsIt() throws Exception {
    long root = queue.enqueue(shell("root"));
    long child = queue.enqueue(shell("child").needs(root));
    CancelJob.cancel(queue.connection, root);
    assertThat(queue.job(child, "status || '|' || reason"))
        .isEqualTo("interrupted|needs root (interrupted)");
  }

  @Test
  void fiftyParentsThatCompleteTogetherReleaseTheirChildOnce() throws Exception {
    List<Long> parents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      parents.add(queue.enqueue(shell("parent " + i)));
    }
    long child = queue.enqueue(shell("child").needs(parents.toArray(Long[]::new)));
    List<ClaimedJob> running =
        ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 50);
    List<FinishJobs.Result> results =
        queue.together(
            10,
            (own, number) ->
                FinishJobs.finish(
                    own,
                    running.subList(number * 5, number * 5 + 5).stream()
                        .map(QueueFixture::completed)
                        .toList()));
    assertThat(results).filteredOn(result -> !result.ready().isEmpty()).hasSize(1);
    assertThat(standing(child)).isEqualTo("queued 0");
    assertThat(queue.count("aidp.ready")).isEqualTo(1);
  }

  @Test
  void twoCompletionsThatReleaseTheSameChildrenCountExactly() throws Exception {
    RegisterWorker.Registered worker = queue.worker();
    for (int i = 0; i < 150; i++) {
      long one = queue.enqueue(shell("one"));
      long two = queue.enqueue(shell("two"));
      long first = queue.enqueue(shell("first").needs(one, two));
      long second = queue.enqueue(shell("second").needs(two, one));
      boolean fails = i % 3 == 2;
      List<ClaimedJob> running = ClaimJobs.claim(queue.connection, SHELL, null, worker.id(), 2);
      queue.together(
          2,
          (own, number) -> {
            ClaimedJob job = running.get(number);
            return FinishJobs.finish(
                own, List.of(fails && number == 0 ? failed(job) : completed(job)));
          });
      for (long id : List.of(first, second)) {
        assertThat(standing(id))
            .as("round %d", i)
            .matches(fails ? "interrupted \\d \\|needs one \\(failed\\)" : "queued 0");
      }
      ClaimJobs.claim(queue.connection, SHELL, null, worker.id(), 2).stream()
          .map(QueueFixture::completed)
          .forEach(ended -> {
            try {
              queue.finish(ended);
            } catch (java.sql.SQLException e) {
              throw new AssertionError(e);
            }
          });
    }
    assertThat(queue.count("aidp.leases")).isZero();
    assertThat(queue.count("aidp.ready")).isZero();
  }
}
