package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.SHELL;
import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.read.ReadLogs;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppendLogsTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private static LogEntry entry(ClaimedJob job, long seq, String message, @Nullable String data) {
    return new LogEntry(
        job.lease().jobId(),
        job.execution(),
        seq,
        NOON,
        LogLevel.INFO,
        LogCategory.NODE,
        message,
        data);
  }

  private static AppendLogs.Batch batch(ClaimedJob job, long first, long last) {
    return new AppendLogs.Batch(
        job.lease(),
        LongStream.rangeClosed(first, last)
            .mapToObj(seq -> entry(job, seq, "line " + seq, null))
            .toList(),
        null,
        null,
        null);
  }

  private ClaimedJob running() throws SQLException {
    queue.enqueue(shell("work"));
    return queue.claimOne(queue.worker());
  }

  private List<Long> stored(ClaimedJob job) throws SQLException {
    return read(job).stream().map(LogEntry::seq).toList();
  }

  private List<LogEntry> read(ClaimedJob job) throws SQLException {
    return ReadLogs.after(
        queue.connection,
        new ReadLogs.ExecutionRef(job.lease().jobId(), job.lease().executionId(), job.execution()),
        0,
        10_000);
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void storesEntriesAsTheyWere() throws Exception {
    ClaimedJob job = running();
    LogEntry entry = entry(job, 1, "hello", "{\"a\": 1}");
    AppendLogs.append(
        queue.connection,
        List.of(new AppendLogs.Batch(job.lease(), List.of(entry), "s-1", "says hello", 42)));
    assertThat(read(job)).containsExactly(entry);
    assertThat(
            queue.column(
                "select concat_ws(' ', session_id, progress, pid, log_seq) from aidp.leases"))
        .containsExactly("s-1 says hello 42 1");
    AppendLogs.append(
        queue.connection,
        List.of(new AppendLogs.Batch(job.lease(), List.of(), null, "works", null)));
    assertThat(
            queue.column(
                "select concat_ws(' ', session_id, progress, pid, log_seq) from aidp.leases"))
        .containsExactly("s-1 works 42 1");
  }

  @Test
  void aBatchThatIsSentAgainOrOverlapsIsStoredOnce() throws Exception {
    ClaimedJob job = running();
    AppendLogs.append(queue.connection, List.of(batch(job, 1, 3)));
    assertThat(AppendLogs.append(queue.connection, List.of(batch(job, 1, 3)))).isEmpty();
    assertThat(stored(job)).isEqualTo(upTo(3));
    AppendLogs.append(queue.connection, List.of(batch(job, 2, 6)));
    assertThat(stored(job)).isEqualTo(upTo(6));
    assertThat(queue.column("select log_seq from aidp.leases")).containsExactly("6");
  }

  @Test
  void aGapIsAMistakeAndStoresNothing() throws Exception {
    ClaimedJob job = running();
    assertThatThrownBy(() -> AppendLogs.append(queue.connection, List.of(batch(job, 2, 3))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gap");
    assertThatThrownBy(
            () -> AppendLogs.append(queue.connection, List.of(batch(job, 1, 1), batch(job, 2, 2))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(queue.connection.getAutoCommit()).isTrue();
    assertThat(stored(job)).isEmpty();
  }

  @Test
  void severalExecutionsShareATransactionAndOneThatWasLostHarmsNoOther() throws Exception {
    queue.enqueueMany(3);
    List<ClaimedJob> jobs = ClaimJobs.claim(queue.connection, SHELL, null, queue.worker().id(), 3);
    queue.finish(QueueFixture.workerLost(jobs.get(1).lease()));
    assertThat(
            AppendLogs.append(
                queue.connection, jobs.stream().map(job -> batch(job, 1, 4)).toList()))
        .containsExactly(jobs.get(1).lease().executionId());
    assertThat(stored(jobs.get(0))).isEqualTo(upTo(4));
    assertThat(stored(jobs.get(1))).isEmpty();
    assertThat(stored(jobs.get(2))).isEqualTo(upTo(4));
  }

  @Test
  void aWrongTokenWritesNothing() throws Exception {
    ClaimedJob job = running();
    LeaseRef wrong =
        new LeaseRef(job.lease().jobId(), job.lease().executionId(), UUID.randomUUID());
    assertThat(
            AppendLogs.append(
                queue.connection,
                List.of(
                    new AppendLogs.Batch(wrong, List.of(entry(job, 1, "x", null)), "s", "p", 1))))
        .containsExactly(job.lease().executionId());
    assertThat(stored(job)).isEmpty();
  }

  @Test
  void nothingThatAProcessPrintsFailsABatch() throws Exception {
    ClaimedJob job = running();
    List<LogEntry> hostile =
        List.of(
            entry(job, 1, "nul \0 and lone \ud800 and \udc00", null),
            entry(
                job, 2, "json", "{\"text\": \"nul \\u0000, half \\ud800, whole \\ud83d\\ude00\"}"),
            entry(job, 3, "escaped", "{\"text\": \"C:\\\\u0000\"}"),
            entry(job, 4, "raw", "{\"text\": \"\ud83d\"}"),
            entry(job, 5, "", "[]"),
            entry(job, 6, "big".repeat(1_000_000), null));
    AppendLogs.append(
        queue.connection, List.of(new AppendLogs.Batch(job.lease(), hostile, "s\0", "p\0", null)));
    List<LogEntry> read = read(job);
    assertThat(read).hasSize(6);
    assertThat(read.get(0).message()).isEqualTo("nul \ufffd and lone \ufffd and \ufffd");
    assertThat(read.get(1).data())
        .isEqualTo("{\"text\": \"nul \ufffd, half \ufffd, whole \ud83d\ude00\"}");
    assertThat(read.get(2).data()).isEqualTo("{\"text\": \"C:\\\\u0000\"}");
    assertThat(read.get(5).message()).hasSize(3_000_000);
  }

  @Test
  void storesFiveThousandEntriesAtOnceAndPagesThroughThem() throws Exception {
    ClaimedJob job = running();
    AppendLogs.append(queue.connection, List.of(batch(job, 1, 5000)));
    assertThat(stored(job)).isEqualTo(upTo(5000));
    ReadLogs.ExecutionRef ref =
        new ReadLogs.ExecutionRef(job.lease().jobId(), job.lease().executionId(), job.execution());
    assertThat(ReadLogs.after(queue.connection, ref, 4998, 10))
        .extracting(LogEntry::seq)
        .containsExactly(4999L, 5000L);
  }

  @Test
  void theHistoryKeepsTheLastSeq() throws Exception {
    ClaimedJob job = running();
    AppendLogs.append(queue.connection, List.of(batch(job, 1, 7)));
    queue.finish(QueueFixture.completed(job));
    assertThat(queue.column("select log_seq from aidp.executions")).containsExactly("7");
    assertThat(AppendLogs.append(queue.connection, List.of(batch(job, 8, 8)))).hasSize(1);
  }
}
