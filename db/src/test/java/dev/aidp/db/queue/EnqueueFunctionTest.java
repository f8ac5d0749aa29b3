package dev.aidp.db.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// `aidp.enqueue`, which anyone may call in a transaction of their own.
class EnqueueFunctionTest {
  private final QueueFixture queue = new QueueFixture();

  @AfterEach
  void close() throws Exception {
    queue.close();
  }

  @Test
  void takesEveryArgumentByName() throws Exception {
    long id =
        (Long)
            queue.value(
                """
                select aidp.enqueue(metadata => '{"ticket": 42}', key => 'k', max_attempts => 2, timeout => '90 min',
                  run_at => now() + interval '1 hour', priority => 7, host => 'here', model => 'small',
                  workspace => '/work', prompt => E'  first line\\nsecond', provider => 'claude')
                """);
    assertThat(
            queue.job(
                id,
                "concat_ws('|', name, provider, model, workspace, workspace_identity, host,"
                    + " priority, max_attempts, extract(epoch from timeout)::int, idempotency_key,"
                    + " metadata, status, run_at = wake_at)"))
        .isEqualTo(
            "first line|claude|small|/work|here:/work|here|7|2|5400|k|{\"ticket\": 42}|waiting|t");
    assertThat(queue.job(id, "reason")).startsWith("starts at ");
    assertThat(queue.count("aidp.ready")).isZero();
  }

  @Test
  void queuesACommandThatAWorkerTakesAtOnce() throws Exception {
    long id = (Long) queue.value("select aidp.enqueue('shell', 'echo hello', host => '')");
    ClaimedJob job = queue.claimOne(queue.worker());
    assertThat(job.lease().jobId()).isEqualTo(id);
    assertThat(job.prompt()).isEqualTo("echo hello");
    assertThat(job.maxAttempts()).isEqualTo(1);
    assertThat(job.host()).isNull();
    queue.value("select aidp.enqueue('codex', 'x')");
    assertThat(queue.claimOne(queue.worker(), new ClaimKey("", "codex", 0)).maxAttempts())
        .isEqualTo(3);
  }

  @Test
  void leavesNothingWhenItsTransactionIsRolledBack() throws Exception {
    try (Connection own = queue.open()) {
      own.setAutoCommit(false);
      QueueFixture.value(own, "select aidp.enqueue('shell', 'x')");
      own.rollback();
    }
    assertThat(queue.count("aidp.jobs") + queue.count("aidp.ready")).isZero();
  }

  @Test
  void queuesForARoleThatMayOnlyUseTheSchema() throws Exception {
    String role = "queuer_" + ProcessHandle.current().pid();
    queue.database.execute("create role " + role);
    try {
      queue.database.execute("grant usage on schema aidp to " + role);
      try (Connection own = queue.open()) {
        QueueFixture.value(own, "select set_config('role', '" + role + "', false)");
        QueueFixture.value(own, "select set_config('search_path', 'pg_temp, pg_catalog', false)");
        Object id = QueueFixture.value(own, "select aidp.enqueue('shell', 'x', key => 'k')");
        assertThat(QueueFixture.value(own, "select aidp.enqueue('shell', 'x', key => 'k')"))
            .isEqualTo(id);
        assertThatThrownBy(() -> QueueFixture.value(own, "select prompt from aidp.jobs"))
            .hasMessageContaining("permission denied for table jobs");
      }
      assertThat(queue.claimOne(queue.worker()).prompt()).isEqualTo("x");
    } finally {
      queue.database.execute("drop owned by " + role);
      queue.database.execute("drop role " + role);
    }
  }

  @Test
  void takesAnEmptyWorkspaceForNone() throws Exception {
    long id = (Long) queue.value("select aidp.enqueue('shell', 'x', workspace => '')");
    assertThat(queue.job(id, "workspace is null and workspace_identity = ''")).isEqualTo("true");
  }

  @Test
  void aKeyThatExistsGivesTheExistingJob() throws Exception {
    Object first = queue.value("select aidp.enqueue('shell', 'x', key => 'k')");
    assertThat(queue.value("select aidp.enqueue('shell', 'y', key => 'k')")).isEqualTo(first);
    assertThat(queue.value("select aidp.enqueue('shell', 'x', workspace => '/other', key => 'k')"))
        .isNotEqualTo(first);
    assertThat(
            queue.together(
                8,
                (own, number) ->
                    QueueFixture.value(own, "select aidp.enqueue('shell', 'z', key => 'new')")))
        .hasSize(8)
        .containsOnly(queue.value("select max(id) from aidp.jobs where idempotency_key = 'new'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "null, 'x'; the provider is missing",
        "'', 'x'; the provider is missing",
        "'shell', null; the prompt is empty",
        "'shell', E' \\n\\t'; the prompt is empty",
        "'shell', 'x', priority => 101; priority 101 is out of range",
        "'shell', 'x', priority => null; is out of range",
        "'shell', 'x', timeout => '0 s'; is not positive",
        "'shell', 'x', workspace => 'here/below'; the workspace here/below is not an absolute path",
        "'shell', 'x', host => 'no label'; no label is no host label",
        "'shell', 'x', run_at => 'infinity'; run_at infinity never comes",
        "'shell', 'x', key => ''; the key is empty",
        "'shell', 'x', max_attempts => 0; max_attempts 0 is not positive",
        "'shell', 'x', metadata => '[]'; no JSON object",
      })
  void saysWhatIsWrongAndWhatToGiveInstead(String arguments, String message) {
    assertThatThrownBy(() -> queue.value("select aidp.enqueue(" + arguments + ")"))
        .isInstanceOfSatisfying(
            PSQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("22023");
              assertThat(e.getMessage()).contains(message);
              ServerErrorMessage details = e.getServerErrorMessage();
              assertThat(details).isNotNull();
              assertThat(details.getHint()).isNotBlank();
            });
  }
}
