package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Spent;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.SumUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SpendingTest {
  private static final Usage USAGE = new Usage(100, 20, 40);

  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private void record(LeaseRef lease, String usd) throws Exception {
    RecordSpending.record(
        queue.connection,
        List.of(new RecordSpending.Entry(lease, USAGE, new BigDecimal(usd), true)));
  }

  private static void assertSpent(Spent spent, String usd, long tokens) {
    assertThat(spent.usd()).isEqualByComparingTo(usd);
    assertThat(spent.tokens()).isEqualTo(tokens);
  }

  @Test
  void whatARunningExecutionHasUsedIsShownAndOutlivesItsWorker() throws Exception {
    long id = queue.enqueue(shell("a"));
    ClaimedJob claimed = queue.claimOne(queue.worker());
    record(claimed.lease(), "0.5");
    assertThat(ReadJobs.byId(queue.connection, id).orElseThrow().usage()).isEqualTo(USAGE);
    queue.finish(QueueFixture.workerLost(claimed.lease()));
    assertThat(ReadJobs.byId(queue.connection, id).orElseThrow().costUsd())
        .isEqualByComparingTo("0.5");
    assertThat(ReadJobs.executions(queue.connection, id).getFirst().usage()).isEqualTo(USAGE);
    assertThat(ReadJobs.executions(queue.connection, id).getFirst().costEstimated()).isTrue();
  }

  @Test
  void theFiguresOfTheEndReplaceThoseOnTheWay() throws Exception {
    long id = queue.enqueue(shell("a"));
    ClaimedJob claimed = queue.claimOne(queue.worker());
    record(claimed.lease(), "0.5");
    Figures figures =
        new Figures(0, "x", null, new Usage(300, 1, 0), new BigDecimal("0.25"), false);
    queue.finish(new FinishJobs.Ended(claimed.lease(), QueueFixture.completed(), figures));
    assertThat(ReadJobs.byId(queue.connection, id).orElseThrow())
        .satisfies(job -> {
          assertThat(job.usage().inputTokens()).isEqualTo(300);
          assertThat(job.costUsd()).isEqualByComparingTo("0.25");
          assertThat(job.costEstimated()).isFalse();
        });
  }

  @Test
  void onlyTheHolderOfTheLeaseRecords() throws Exception {
    long id = queue.enqueue(shell("a"));
    LeaseRef lease = queue.claimOne(queue.worker()).lease();
    record(new LeaseRef(lease.jobId(), lease.executionId(), UUID.randomUUID()), "0.5");
    assertThat(ReadJobs.byId(queue.connection, id).orElseThrow().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void othersAreCountedByJobRunAndDayOfTheWorkspace() throws Exception {
    for (String name : List.of("first", "same run", "same place", "elsewhere")) {
      queue.enqueue(shell(name));
    }
    queue.database.execute(
        """
        update aidp.jobs set workspace_identity = case name when 'elsewhere' then 'w2' else 'w1' end,
          run_id = case name when 'same run' then (select run_id from aidp.jobs where name = 'first') else run_id end
        """);
    RegisterWorker.Registered worker = queue.worker();
    ClaimedJob earlier = queue.claimOne(worker);
    record(earlier.lease(), "1");
    queue.finish(QueueFixture.workerLost(earlier.lease()));
    ClaimedJob sameRun = queue.claimOne(worker);
    record(sameRun.lease(), "2");
    record(queue.claimOne(worker).lease(), "4");
    record(queue.claimOne(worker).lease(), "8");
    LeaseRef own = queue.claimOne(worker).lease();
    record(own, "16");
    ReadSpent.Others others = ReadSpent.beside(queue.connection, own, true);
    assertSpent(others.job(), "1", 120);
    assertSpent(others.run(), "3", 240);
    assertSpent(others.day(), "7", 360);
    assertThat(others.nextDay()).isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(1)));
    assertThat(ReadSpent.beside(queue.connection, own, false).day()).isEqualTo(Spent.NONE);
    queue.database.execute(
        "update aidp.executions set completed_at = completed_at - interval '1 day'");
    assertSpent(ReadSpent.beside(queue.connection, own, true).day(), "6", 240);
    assertThat(SumUsage.by(queue.connection, SumUsage.By.DAY, null))
        .extracting(SumUsage.Sum::executions)
        .containsExactly(4L, 1L);
  }

  @Test
  void aRaisedBudgetKeepsWhatItDoesNotNameAndReplacesThatOfASingleJobsRun() throws Exception {
    long id = queue.enqueue(shell("a"));
    queue.database.execute(
        """
        update aidp.jobs set options = '{"argv": ["x"], "budget": {"jobUsd": 1, "jobTokens": 5, "runUsd": 2}}'
        """);
    RaiseBudget.of(queue.connection, id, new Budget(BigDecimal.TEN, null));
    assertThat(queue.job(id, "options -> 'budget'")).contains("\"runUsd\": 2");
    queue.finish(QueueFixture.failed(queue.claimOne(queue.worker())));
    RaiseBudget.of(queue.connection, id, new Budget(BigDecimal.TEN, null));
    assertThat(queue.job(id, "options"))
        .isEqualTo("{\"argv\": [\"x\"], \"budget\": {\"jobUsd\": 10, \"jobTokens\": 5}}");
  }
}
