package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.workerLost;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Four threads work on one queue; one batch in eight belongs to a worker that is declared dead
/// while it works, and tries to finish nevertheless, at the same time as the reaper.
class QueueChaosTest {
  private static final int THREADS = 4;
  private static final int ROOTS = 2400;
  private static final int CHILDREN = 600;

  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  @Test
  void everyJobEndsExactlyOnce() throws Exception {
    queue.enqueueMany(ROOTS);
    queue.database.execute(
        """
        with made as (
          insert into aidp.jobs (name, provider, prompt, max_attempts, status, reason, pending_dependencies)
          select 'child', 'shell', 'true', 3, 'waiting', 'needs five', 5 from generate_series(1, %d)
          returning id)
        insert into aidp.job_dependencies (depends_on_id, job_id)
        select (made.id * 7919 + k * 357) %% %d + 1, made.id from made, generate_series(1, 5) k
        """
            .formatted(CHILDREN, ROOTS));
    List<Tally> tallies =
        queue.together(THREADS, (own, number) -> new Chaos(own, new Random(number)).work());

    assertThat(queue.count("aidp.leases")).isZero();
    assertThat(queue.count("aidp.ready")).isZero();
    assertThat(queue.count("aidp.jobs where status <> 'completed' or pending_dependencies <> 0"))
        .isZero();
    assertThat(queue.count("aidp.executions where status = 'completed'"))
        .isEqualTo(ROOTS + CHILDREN);
    assertThat(
            queue.count(
                "(select job_id from aidp.executions group by job_id"
                    + " having max(attempt) <> count(*) or min(attempt) <> 1) as gaps"))
        .isZero();
    assertThat(
            queue.count(
                "(select started_at < lag(completed_at) over (partition by job_id order by attempt)"
                    + " as early from aidp.executions) as e where early"))
        .isZero();
    assertThat(queue.count("aidp.jobs where crash_count <> executions - 1")).isZero();
    int won = tallies.stream().mapToInt(tally -> tally.completed).sum();
    int lost = tallies.stream().mapToInt(tally -> tally.lost).sum();
    assertThat(won).isEqualTo(ROOTS + CHILDREN);
    assertThat(lost).isPositive();
  }

  /// What a thread was told of its own results.
  private static final class Tally {
    int completed;
    int lost;
  }

  private static final class Chaos {
    private final Connection own;
    private final Random random;
    private final Tally tally = new Tally();
    private final List<ClaimedJob> zombies = new ArrayList<>();

    Chaos(Connection own, Random random) {
      this.own = own;
      this.random = random;
    }

    Tally work() throws SQLException {
      RegisterWorker.Registered worker = QueueFixture.worker(own, "here");
      long end = System.nanoTime() + QueueFixture.LIMIT.toNanos() * 3;
      while (unfinished()) {
        assertThat(System.nanoTime()).as("time").isLessThan(end);
        List<ClaimedJob> claimed =
            ClaimJobs.claim(own, SHELL, null, worker.id(), 1 + random.nextInt(20));
        if (random.nextInt(100) < 12) {
          EndWorker.end(own, worker.id(), EndWorker.Reason.LOST, null);
          worker = QueueFixture.worker(own, "here");
          zombies.addAll(claimed);
        } else {
          finish(claimed);
        }
        if (random.nextInt(4) == 0) {
          List<ClaimedJob> late = List.copyOf(zombies);
          zombies.clear();
          finish(late);
        }
        if (claimed.isEmpty() || random.nextInt(8) == 0) {
          reap();
        }
      }
      return tally;
    }

    private boolean unfinished() throws SQLException {
      return (Boolean)
          QueueFixture.value(
              own, "select exists (select from aidp.jobs where status <> 'completed')");
    }

    private void finish(List<ClaimedJob> jobs) throws SQLException {
      FinishJobs.Result result =
          FinishJobs.finish(own, jobs.stream().map(QueueFixture::completed).toList());
      tally.lost += result.lost().size();
      tally.completed += jobs.size() - result.lost().size();
    }

    private void reap() throws SQLException {
      List<FindLostWork.Orphan> orphans = FindLostWork.orphanedLeases(own);
      FinishJobs.Result result =
          FinishJobs.finish(
              own, orphans.stream().map(orphan -> workerLost(orphan.lease())).toList());
      Set<Long> executions =
          orphans.stream().map(o -> o.lease().executionId()).collect(Collectors.toSet());
      assertThat(executions).containsAll(result.lost());
    }
  }
}
