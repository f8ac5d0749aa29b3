package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.agent;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimJobsTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private List<Long> claim(ClaimKey key, long workerId, int limit) throws SQLException {
    return ids(ClaimJobs.claim(queue.connection, key, null, workerId, limit));
  }

  private static List<Long> ids(List<ClaimedJob> claimed) {
    return claimed.stream().map(job -> job.lease().jobId()).toList();
  }

  @Test
  void hasTheWholeJobAndItsLease() throws Exception {
    long id = queue.enqueue(shell("echo hello"));
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob job = queue.claimOne(worker);
    assertThat(job.lease().jobId()).isEqualTo(id);
    assertThat(job.prompt()).isEqualTo("echo hello");
    assertThat(job.execution()).isEqualTo(1);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.maxAttempts()).isEqualTo(3);
    assertThat(queue.job(id, "status")).isEqualTo("running");
    assertThat(
            queue.column(
                "select execution_id || ' ' || token || ' ' || worker_id from aidp.leases where"
                    + " job_id = "
                    + id))
        .containsExactly(job.lease().executionId() + " " + job.lease().token() + " " + worker.id());
    assertThat(queue.count("aidp.ready")).isZero();
  }

  @Test
  void isFirstInFirstOutWithinAKey() throws Exception {
    List<Long> queued = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      queued.add(queue.enqueue(shell("job " + i)));
    }
    assertThat(claim(SHELL, queue.worker().id(), 10)).isEqualTo(queued);
  }

  @Test
  void takesOnlyTheGivenHostProviderAndPriority() throws Exception {
    long any = queue.enqueue(shell("any"));
    long here = queue.enqueue(shell("here").host("here"));
    long urgent = queue.enqueue(shell("urgent").priority(5));
    long demo = queue.enqueue(agent("demo"));
    long worker = queue.worker().id();
    assertThat(claim(new ClaimKey("here", "shell", 0), worker, 10)).containsExactly(here);
    assertThat(claim(new ClaimKey("", "shell", 5), worker, 10)).containsExactly(urgent);
    assertThat(claim(new ClaimKey("", "demo", 0), worker, 10)).containsExactly(demo);
    assertThat(claim(new ClaimKey("there", "shell", 0), worker, 10)).isEmpty();
    assertThat(claim(SHELL, worker, 10)).containsExactly(any);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void respectsTheLimit(int limit) throws Exception {
    queue.enqueueMany(300);
    long worker = queue.worker().id();
    for (int i = 0; i < 8; i++) {
      assertThat(claim(SHELL, worker, limit)).hasSize(limit);
    }
    assertThat(queue.count("aidp.leases")).isEqualTo(8L * limit);
    assertThat(queue.count("aidp.jobs where status = 'running'")).isEqualTo(8L * limit);
    assertThat(queue.count("aidp.ready")).isEqualTo(300 - 8L * limit);
  }

  @Test
  void refusesAWorkerThatHasEndedOrNeverWas() throws Exception {
    queue.enqueue(shell("x"));
    RegisterWorker.Registered worker = queue.worker();
    EndWorker.end(queue.connection, worker.id(), EndWorker.Reason.STOPPED, null);
    assertThat(claim(SHELL, worker.id(), 1)).isEmpty();
    assertThat(claim(SHELL, 4711, 1)).isEmpty();
    assertThat(queue.count("aidp.ready")).isEqualTo(1);
  }

  @Test
  void passesOverWhatAnotherIsClaiming() throws Exception {
    long first = queue.enqueue(shell("first"));
    long second = queue.enqueue(shell("second"));
    long worker = queue.worker().id();
    try (Connection other = queue.open()) {
      other.setAutoCommit(false);
      assertThat(ids(ClaimJobs.claim(other, SHELL, null, worker, 1))).containsExactly(first);
      assertThat(claim(SHELL, worker, 10)).containsExactly(second);
      other.rollback();
    }
    assertThat(claim(SHELL, worker, 10)).containsExactly(first);
  }

  @Test
  void givesNoJobToTwoOfEightClaimers() throws Exception {
    queue.enqueueMany(2000);
    long worker = queue.worker().id();
    List<List<Long>> all =
        queue.together(
            8,
            (own, number) -> {
              List<Long> mine = new ArrayList<>();
              OffsetDateTime watermark = null;
              while (true) {
                List<ClaimedJob> claimed = ClaimJobs.claim(own, SHELL, watermark, worker, 9);
                if (claimed.isEmpty() && watermark == null) {
                  return mine;
                }
                // Others' rollbacks and late commits are found from the head.
                watermark = claimed.isEmpty() ? null : claimed.getLast().readyAt();
                mine.addAll(ids(claimed));
              }
            });
    List<Long> claimed = all.stream().flatMap(List::stream).toList();
    assertThat(claimed).hasSize(2000).doesNotHaveDuplicates();
    assertThat(queue.count("aidp.leases")).isEqualTo(2000);
  }

  @Test
  void aRowThatCommittedLateIsFoundFromTheHead() throws Exception {
    long worker = queue.worker().id();
    try (Connection late = queue.open()) {
      late.setAutoCommit(false);
      long lateId = (Long) QueueFixture.value(late, "select aidp.enqueue('shell', 'late')");
      queue.enqueue(shell("early"));
      OffsetDateTime watermark =
          ClaimJobs.claim(queue.connection, SHELL, null, worker, 1).getFirst().readyAt();
      late.commit();
      assertThat(ClaimJobs.claim(queue.connection, SHELL, watermark, worker, 1)).isEmpty();
      assertThat(claim(SHELL, worker, 1)).containsExactly(lateId);
    }
  }

  @Test
  void numbersExecutionsOneByOne() throws Exception {
    queue.enqueue(shell("again"));
    RegisterWorker.Registered worker = queue.worker();
    for (int i = 1; i <= 4; i++) {
      ClaimedJob job = queue.claimOne(worker);
      assertThat(job.execution()).isEqualTo(i);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.crashCount()).isEqualTo(i - 1);
      queue.finish(QueueFixture.workerLost(job.lease()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsNoTableFromEndToEnd(boolean analyzed) throws Exception {
    queue.database.execute(
        "alter table aidp.jobs set (autovacuum_enabled = off);"
            + "alter table aidp.ready set (autovacuum_enabled = off);"
            + "alter table aidp.leases set (autovacuum_enabled = off)");
    queue.enqueueMany(100_000);
    if (analyzed) {
      queue.database.execute("analyze");
    }
    long worker = queue.worker().id();
    long before = sequentialScans();
    // Enough rounds for the driver to prepare the statements and for the server to settle on a
    // plan.
    OffsetDateTime watermark = null;
    for (int i = 0; i < 30; i++) {
      List<ClaimedJob> claimed = ClaimJobs.claim(queue.connection, SHELL, watermark, worker, 50);
      watermark = claimed.getLast().readyAt();
      assertThat(claimed).hasSize(50);
      FinishJobs.finish(queue.connection, claimed.stream().map(QueueFixture::completed).toList());
    }
    assertThat(sequentialScans()).isEqualTo(before);
  }

  @Test
  void aPlanThatWasMadeForAnEmptyQueueServesAFullOne() throws Exception {
    queue.database.execute(
        "alter table aidp.jobs set (autovacuum_enabled = off);"
            + "alter table aidp.ready set (autovacuum_enabled = off);"
            + "alter table aidp.leases set (autovacuum_enabled = off)");
    queue.database.execute("vacuum analyze");
    long worker = queue.worker().id();
    for (int i = 0; i < 20; i++) {
      queue.enqueue(shell("one"));
      List<ClaimedJob> claimed = ClaimJobs.claim(queue.connection, SHELL, null, worker, 1);
      FinishJobs.finish(queue.connection, claimed.stream().map(QueueFixture::completed).toList());
    }
    queue.enqueueMany(20_000);
    long before = sequentialRows();
    for (int i = 0; i < 20; i++) {
      List<ClaimedJob> claimed = ClaimJobs.claim(queue.connection, SHELL, null, worker, 50);
      FinishJobs.finish(queue.connection, claimed.stream().map(QueueFixture::completed).toList());
    }
    assertThat(sequentialRows() - before).isLessThan(20_000);
  }

  private long sequentialRows() throws SQLException {
    queue.value("select pg_stat_force_next_flush()::text");
    return ((Number)
            queue.value(
                "select sum(seq_tup_read) from pg_stat_user_tables"
                    + " where relname in ('jobs', 'ready', 'leases')"))
        .longValue();
  }

  private long sequentialScans() throws SQLException {
    // The statistics are this connection's own, so they can be had at once.
    queue.value("select pg_stat_force_next_flush()::text");
    return ((Number)
            queue.value(
                "select sum(seq_scan) from pg_stat_user_tables where relname in ('jobs', 'ready')"))
        .longValue();
  }
}
