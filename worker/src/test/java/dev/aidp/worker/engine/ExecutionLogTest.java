package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.queue.AppendLogs;
import dev.aidp.worker.provider.Events;
import dev.aidp.worker.provider.TestJob;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever prints faster than the database stores.
class ExecutionLogTest {
  private static final int LINES = 60_000;

  @TempDir Path directory;
  private ExecutionLog log;

  @BeforeEach
  void open() {
    log =
        new ExecutionLog(
            TestJob.of("shell", "true").claimed(directory),
            InstantSource.system(),
            new LogSpool(directory.resolve("spool"), 500_000),
            () -> {});
  }

  @Test
  void isNotSilentWhileAToolIsAtWork() {
    log.log(LogLevel.INFO, LogCategory.AGENT, "Let me see.", Map.of());
    assertThat(log.silentNanos()).isPositive();
    log.log(LogLevel.INFO, LogCategory.TOOL, "Bash: make", Map.of("callId", "a"));
    log.log(LogLevel.INFO, LogCategory.TOOL, "Read: x", Map.of("callId", "b"));
    log.toolCall(new Events.ToolCall("Read", "b", Map.of(), "text", "ok", 1));
    assertThat(log.silentNanos()).isZero();
    log.toolCall(new Events.ToolCall("Bash", "a", Map.of(), "done", "ok", 1));
    assertThat(log.silentNanos()).isPositive();
  }

  /// Else an execution could end between the two, and its process id or session be lost.
  @Test
  void hasSomethingPendingUntilWhatWasTakenIsStored() {
    log.pid(4711);
    AppendLogs.Batch batch = Objects.requireNonNull(log.next(1000));
    assertThat(batch.pid()).isEqualTo(4711);
    assertThat(log.next(1000)).isNull();
    assertThat(log.hasPending()).isTrue();
    log.acknowledge(batch);
    assertThat(log.hasPending()).isFalse();
  }

  private Thread printAll() {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          for (int i = 0; i < LINES; i++) {
            log.log(LogLevel.INFO, LogCategory.NODE, "line " + i, Map.of("stream", "stdout"));
          }
        });
  }

  private void awaitHeldUp(Thread printer) {
    WorkerHarness.await(
        "the printer to be held up", () -> printer.getState() == Thread.State.TIMED_WAITING);
  }

  private List<Long> store() {
    AppendLogs.Batch batch = Objects.requireNonNull(log.next(1 << 20));
    log.acknowledge(batch);
    return batch.entries().stream().map(LogEntry::seq).toList();
  }

  @Test
  void isHeldUpAndLosesNothing() throws Exception {
    Thread printer = printAll();
    awaitHeldUp(printer);
    assertThat(log.silentNanos()).isZero();

    List<Long> stored = new ArrayList<>();
    while (stored.size() < LINES) {
      WorkerHarness.await("more", log::hasPending);
      stored.addAll(store());
    }
    printer.join();

    assertThat(stored).isEqualTo(LongStream.rangeClosed(1, LINES).boxed().toList());
    assertThat(log.hasPending()).isFalse();
  }

  @Test
  void isHeldUpNoLongerThanItsExecutionLives() throws Exception {
    Thread printer = printAll();
    awaitHeldUp(printer);

    log.stopWaiting();
    printer.join();
    List<LogEntry> stored = new ArrayList<>();
    while (log.hasPending()) {
      AppendLogs.Batch batch = Objects.requireNonNull(log.next(1 << 20));
      stored.addAll(batch.entries());
      log.acknowledge(batch);
    }
    log.seal();
    stored.addAll(Objects.requireNonNull(log.next(1 << 20)).entries());

    assertThat(stored.getLast().message())
        .isEqualTo(
            (LINES - stored.size() + 1)
                + " further log entries were dropped: the log of this execution is full");
    assertThat(stored.getLast().seq()).isEqualTo(stored.size());
  }

  @Test
  void isHeldUpNoLongerOnceItIsLost() throws Exception {
    Thread printer = printAll();
    awaitHeldUp(printer);

    log.discard();
    printer.join();

    assertThat(log.hasPending()).isFalse();
  }
}
