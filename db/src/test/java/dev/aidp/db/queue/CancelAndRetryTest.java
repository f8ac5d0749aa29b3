package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.completed;
import static dev.aidp.db.queue.QueueFixture.failed;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class CancelAndRetryTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private String standing(long id) throws SQLException {
    return String.valueOf(
        queue.job(
            id,
            "concat_ws(' ', status, reason, error_class, case when completed_at is not null then"
                + " 'ended' end)"));
  }

  private void assertRefused(long id, RetryJob.From from, String message, String remedy) {
    assertThatThrownBy(() -> RetryJob.retry(queue.connection, id, from))
        .isInstanceOfSatisfying(
            AidpException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
              assertThat(e.category().exitCode()).isEqualTo(4);
              assertThat(e).hasMessageContaining(message);
              assertThat(String.valueOf(e.remedy())).contains(remedy);
            });
  }

  @Test
  void cancelsWhatDoesNotRunAtOnce() throws Exception {
    long queued = queue.enqueue(shell("queued"));
    long waiting = queue.enqueue(shell("waiting").delay(Duration.ofHours(1)));
    for (long id : new long[] {queued, waiting}) {
      assertThat(CancelJob.cancel(queue.connection, id).orElseThrow().status())
          .isEqualTo(JobStatus.INTERRUPTED);
      assertThat(standing(id)).isEqualTo("interrupted cancelled cancelled ended");
      assertThat(CancelJob.cancel(queue.connection, id).orElseThrow().status())
          .isEqualTo(JobStatus.INTERRUPTED);
    }
    assertThat(queue.count("aidp.ready")).isZero();
    assertThat(SweepQueue.sweep(queue.connection).nextIn()).isNull();
  }

  @Test
  void asksTheWorkerOfARunningJob() throws Exception {
    long id = queue.enqueue(shell("running"));
    queue.claimOne(queue.worker());
    try (Connection listener = queue.open();
        Statement statement = listener.createStatement()) {
      statement.execute("listen aidp_cancel");
      assertThat(CancelJob.cancel(queue.connection, id).orElseThrow().status())
          .isEqualTo(JobStatus.RUNNING);
      assertThat(
              listener
                  .unwrap(PGConnection.class)
                  .getNotifications((int) QueueFixture.LIMIT.toMillis()))
          .singleElement()
          .satisfies(each -> assertThat(each.getParameter()).isEqualTo("" + id));
    }
    String asked = queue.job(id, "cancel_requested_at");
    CancelJob.cancel(queue.connection, id);
    assertThat(queue.job(id, "cancel_requested_at")).isEqualTo(asked).isNotNull();
  }

  @Test
  void leavesWhatHasEndedAndKnowsWhatDoesNotExist() throws Exception {
    long done = queue.enqueue(shell("done"));
    queue.finish(completed(queue.claimOne(queue.worker())));
    assertThat(CancelJob.cancel(queue.connection, done).orElseThrow().status())
        .isEqualTo(JobStatus.COMPLETED);
    assertThat(standing(done)).isEqualTo("completed ended");
    assertThat(CancelJob.cancel(queue.connection, 4711)).isEmpty();
  }

  @Test
  void refusesToRetryWhatHasNotFailed() throws Exception {
    assertRefused(4711, RetryJob.From.SCRATCH, "no job 4711", "aidp jobs list");
    long id = queue.enqueue(shell("x"));
    assertRefused(id, RetryJob.From.SCRATCH, "is queued", "aidp jobs wait " + id);
    ClaimedJob running = queue.claimOne(queue.worker());
    assertRefused(id, RetryJob.From.SESSION, "is running", "aidp jobs wait " + id);
    queue.finish(completed(running));
    assertRefused(id, RetryJob.From.SCRATCH, "is completed", "");
    assertThat(standing(id)).isEqualTo("completed ended");
  }

  @Test
  void refusesToResumeWithoutASession() throws Exception {
    long id = queue.enqueue(shell("x"));
    queue.finish(failed(queue.claimOne(queue.worker())));
    assertRefused(id, RetryJob.From.SESSION, "no saved session", "aidp jobs retry " + id);
  }

  @Test
  void aRetryHasFreshBudgetsAndNoSession() throws Exception {
    long id = queue.enqueue(shell("x"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob first = queue.claimOne(worker);
    MarkBegun.mark(queue.connection, first.lease(), "s");
    queue.finish(QueueFixture.workerLost(first.lease()));
    queue.finish(failed(queue.claimOne(worker)));
    RetryJob.retry(queue.connection, id, RetryJob.From.SCRATCH);
    assertThat(standing(id)).isEqualTo("queued");
    ClaimedJob again = queue.claimOne(worker);
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.crashCount()).isZero();
    assertThat(again.execution()).isEqualTo(3);
    assertThat(again.sessionId()).isNull();
  }

  @Test
  void aResumeKeepsTheSession() throws Exception {
    long id = queue.enqueue(shell("x"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob first = queue.claimOne(worker);
    MarkBegun.mark(queue.connection, first.lease(), "s");
    queue.finish(failed(first));
    RetryJob.retry(queue.connection, id, RetryJob.From.SESSION);
    assertThat(queue.claimOne(worker).sessionId()).isEqualTo("s");
  }

  @Test
  void aCancelledJobThatIsRetriedRunsOnce() throws Exception {
    long id = queue.enqueue(shell("x"));
    CancelJob.cancel(queue.connection, id);
    RetryJob.retry(queue.connection, id, RetryJob.From.SCRATCH);
    assertThat(queue.count("aidp.ready")).isEqualTo(1);
    assertThat(queue.claimOne(queue.worker()).lease().jobId()).isEqualTo(id);
  }

  @Test
  void aRetryNeedsWhatTheJobNeeds() throws Exception {
    long parent = queue.enqueue(shell("parent"));
    long child = queue.enqueue(shell("child").needs(parent));
    queue.finish(failed(queue.claimOne(queue.worker())));
    assertRefused(
        child, RetryJob.From.SCRATCH, "needs parent, which is failed", "aidp jobs retry " + parent);
    RetryJob.retry(queue.connection, parent, RetryJob.From.SCRATCH);
    RetryJob.retry(queue.connection, child, RetryJob.From.SCRATCH);
    assertThat(standing(child)).isEqualTo("waiting needs parent");
    queue.finish(completed(queue.claimOne(queue.worker())));
    assertThat(standing(child)).isEqualTo("queued");
  }
}
