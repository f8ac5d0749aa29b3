package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepQueueTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private void makeDue(long id) {
    queue.database.execute(
        "update aidp.jobs set wake_at = clock_timestamp() - interval '1 ms' where id = " + id);
  }

  @Test
  void hasNothingToSayOfAnEmptyQueue() throws Exception {
    assertThat(SweepQueue.sweep(queue.connection))
        .isEqualTo(new SweepQueue.Swept(java.util.List.of(), null));
  }

  @Test
  void linesUpWhatIsDueAndSaysWhenTheNextOneIs() throws Exception {
    long due = queue.enqueue(shell("due").delay(Duration.ofHours(1)));
    long later = queue.enqueue(shell("later").delay(Duration.ofHours(2)));
    makeDue(due);
    SweepQueue.Swept swept = SweepQueue.sweep(queue.connection);
    assertThat(swept.keys()).containsExactly(SHELL);
    assertThat(swept.nextIn()).isBetween(Duration.ofMinutes(119), Duration.ofHours(2));
    assertThat(queue.job(due, "concat_ws(' ', status, reason, wake_at)")).isEqualTo("queued");
    assertThat(queue.job(later, "status")).isEqualTo("waiting");
    assertThat(SweepQueue.sweep(queue.connection).keys()).containsExactly(SHELL);
    assertThat(queue.count("aidp.ready")).isEqualTo(1);
  }

  @Test
  void aDueJobThatNeedsAnotherGoesOnWaitingForThatOne() throws Exception {
    long parent = queue.enqueue(shell("parent").host("elsewhere"));
    long child = queue.enqueue(shell("child").needs(parent).delay(Duration.ofHours(1)));
    makeDue(child);
    SweepQueue.Swept swept = SweepQueue.sweep(queue.connection);
    assertThat(swept.keys()).containsExactly(new ClaimKey("elsewhere", "shell", 0));
    assertThat(swept.nextIn()).isNull();
    assertThat(queue.job(child, "status || '|' || reason || '|' || (wake_at is null)"))
        .isEqualTo("waiting|needs parent|true");
  }

  @Test
  void twoSweepsDoNotWaitForEachOther() throws Exception {
    long due = queue.enqueue(shell("due").delay(Duration.ofHours(1)));
    makeDue(due);
    try (Connection other = queue.open()) {
      other.setAutoCommit(false);
      SweepQueue.sweep(other);
      assertThat(SweepQueue.sweep(queue.connection).keys()).isEmpty();
      other.commit();
    }
    assertThat(SweepQueue.sweep(queue.connection).keys()).containsExactly(SHELL);
  }

  @Test
  void takesAThousandAtATimeAndAsksToBeCalledAgain() throws Exception {
    queue.database.execute(
        "insert into aidp.jobs (name, provider, prompt, max_attempts, status, reason, wake_at)"
            + " select 'x', 'shell', 'x', 1, 'waiting', 'backoff', now() from generate_series(1,"
            + " 1500)");
    queue.enqueue(shell("later").delay(Duration.ofHours(1)));
    assertThat(SweepQueue.sweep(queue.connection).nextIn()).isEqualTo(Duration.ZERO);
    assertThat(queue.count("aidp.ready")).isEqualTo(1000);
    assertThat(SweepQueue.sweep(queue.connection).nextIn()).isGreaterThan(Duration.ofMinutes(59));
    assertThat(queue.count("aidp.ready")).isEqualTo(1500);
  }

  @Test
  void findsTheKeysOfAHundredThousandJobsInAFewSteps() throws Exception {
    queue.database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, max_attempts, status, reason, wake_at)
        select 'x', 'shell', 'x', 1, 'waiting', 'later', now() + interval '1 day' from generate_series(1, 100000);
        insert into aidp.ready (host, provider, priority, job_id)
        select 'host' || n % 4, 'p' || n % 3, n % 2, n from generate_series(1, 100000) n
        """);
    long before = rowsRead();
    SweepQueue.Swept swept = SweepQueue.sweep(queue.connection);
    assertThat(swept.keys()).hasSize(12).doesNotHaveDuplicates();
    assertThat(swept.nextIn()).isNotNull();
    assertThat(rowsRead() - before).isLessThan(100);
  }

  private long rowsRead() throws Exception {
    queue.value("select pg_stat_force_next_flush()::text");
    return ((Number)
            queue.value(
                "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) + (select sum(idx_tup_read)"
                    + " from pg_stat_user_indexes where relname in ('jobs', 'ready')) from"
                    + " pg_stat_user_tables where relname in ('jobs', 'ready')"))
        .longValue();
  }
}
