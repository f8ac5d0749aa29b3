package dev.aidp.db.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.LogCategory;
import dev.aidp.db.read.ReadLogStarts.Call;
import dev.aidp.db.read.ReadLogStarts.Start;
import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadLogStartsTest {
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void pagesByNumberAndReadsNoMoreThanTheBeginnings() throws SQLException {
    log("i, now(), 'info', 'agent', repeat('😀', 1000000), null", 5);
    try (Connection connection = database.connections().open("test")) {
      List<Start> first = ReadLogStarts.after(connection, 7, 0, 2);
      assertThat(first).extracting(Start::seq).containsExactly(1L, 2L);
      assertThat(first).extracting(Start::length).containsOnly(1_000_000L);
      assertThat(first.getFirst().message()).hasSize(2 * ReadLogStarts.MESSAGE);
      assertThat(ReadLogStarts.before(connection, 7, Long.MAX_VALUE, 2))
          .extracting(Start::seq)
          .containsExactly(4L, 5L);
      assertThat(ReadLogStarts.before(connection, 7, 3, 10))
          .extracting(Start::seq)
          .containsExactly(1L, 2L);
      assertThat(ReadLogStarts.after(connection, 8, 0, 2)).isEmpty();
    }
  }

  @Test
  void toolCallsAreFoundByTheirEnds() throws SQLException {
    log("1, now(), 'info', 'tool', 'Bash: npm test', '{\"tool\": \"Bash\", \"callId\": \"c\"}'", 1);
    log(
        """
        2, now(), 'warn', 'tool', 'Bash error',
        jsonb_build_object('tool', 'Bash', 'status', 'error', 'durationMs', 1200, 'input', jsonb_build_object('timeout', 5, 'command', 'npm test'),
                           'output', repeat('x', 3000))
        """,
        1);
    log(
        "3, now(), 'info', 'tool', 'Wait ok', '{\"tool\": \"Wait\", \"status\": \"ok\", \"durationMs\": \"?\"}'",
        1);
    log("4, now(), 'info', 'agent', 'done', '{\"status\": \"ok\"}'", 1);
    try (Connection connection = database.connections().open("test")) {
      assertThat(FindLogs.between(connection, 7, new FindLogs.Matching.Calls(), 0, 4))
          .containsExactly(2, 3);
      List<Start> calls = ReadLogStarts.calls(connection, 7, List.of(2L, 3L, 9L));
      assertThat(calls).extracting(Start::category).containsOnly(LogCategory.TOOL);
      assertThat(calls)
          .extracting(Start::call)
          .containsExactly(
              new Call(
                  "Bash",
                  "error",
                  Duration.ofMillis(1200),
                  "npm test",
                  "x".repeat(ReadLogStarts.VALUE),
                  3000),
              new Call("Wait", "ok", Duration.ZERO, "", "", 0));
    }
  }

  private void log(String columns, int entries) {
    database.execute(
        "insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message, data)"
            + " select 1, 7, %s from generate_series(1, %d) i".formatted(columns, entries));
  }
}
