package dev.aidp.db.queue;

import static dev.aidp.db.queue.QueueFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadEarlierExecutionTest {
  private final QueueFixture queue = new QueueFixture();
  private final List<LogEntry> entries = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  private void log(LogLevel level, LogCategory category, String message, @Nullable String data) {
    entries.add(
        new LogEntry(1, 1, entries.size() + 1, Instant.now(), level, category, message, data));
  }

  private void begun(String callId, String what) {
    log(LogLevel.INFO, LogCategory.TOOL, what, "{\"callId\":\"%s\"}".formatted(callId));
  }

  private void ended(String callId, String status, @Nullable String output) {
    String json = output == null ? "null" : "\"" + output + "\"";
    log(
        LogLevel.INFO,
        LogCategory.TOOL,
        "ended",
        "{\"callId\":\"%s\",\"status\":\"%s\",\"output\":%s}".formatted(callId, status, json));
  }

  private EarlierExecution lose() throws Exception {
    long id = queue.enqueue(shell("work"));
    ClaimedJob job = queue.claimOne(queue.worker());
    assertThat(ReadEarlierExecution.before(queue.connection, id, 1)).isEmpty();
    AppendLogs.append(
        queue.connection, List.of(new AppendLogs.Batch(job.lease(), entries, null, null, null)));
    queue.finish(QueueFixture.workerLost(job.lease()));
    return ReadEarlierExecution.before(queue.connection, id, 2).orElseThrow();
  }

  @Test
  void tellsWhyItEndedAndWhatItWasDoing() throws Exception {
    begun("a", "Read: x");
    ended("a", "ok", null);
    log(LogLevel.INFO, LogCategory.AGENT, "Now the tests.", null);
    log(LogLevel.DEBUG, LogCategory.AGENT, "thinks", null);
    begun("b", "Bash: npm test");
    EarlierExecution earlier = lose();
    assertThat(earlier.why()).isEqualTo("worker lost");
    assertThat(earlier.running()).isEqualTo("Bash: npm test");
    assertThat(earlier.lastWords()).isEqualTo("Now the tests.");
    assertThat(earlier.endedAt()).isBeforeOrEqualTo(Instant.now().plusSeconds(60));
  }

  @Test
  void aCallThatWasBrokenOffCountsAsRunning() throws Exception {
    begun("a", "Bash: make");
    ended("a", "error", null);
    assertThat(lose().running()).isEqualTo("Bash: make");
  }

  @Test
  void aCallThatHasAResultDoesNot() throws Exception {
    begun("a", "Bash: make");
    ended("a", "error", "exit 2");
    EarlierExecution earlier = lose();
    assertThat(earlier.running()).isNull();
    assertThat(earlier.lastWords()).isNull();
  }
}
