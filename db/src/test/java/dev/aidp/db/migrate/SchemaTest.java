package dev.aidp.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users and other programs may rely on in the schema.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
  private final TestDatabase database = TestDatabase.create();
  private Connection connection;

  @BeforeAll
  void open() {
    connection = database.connections().open("test");
  }

  @AfterAll
  void close() throws SQLException {
    connection.close();
    database.close();
  }

  private List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jobs | id name run_id node provider model status reason priority run_at attempt"
            + " max_attempts crash_count prompt workspace host created_at started_at completed_at"
            + " error metadata idempotency_key",
        "job_executions | id job_id attempt status worker_id started_at completed_at exit_code"
            + " error error_class session_id usage cost_usd result",
        "job_logs | job_id execution_id seq timestamp level category message data",
        "runs | id pipeline prompt status created_at started_at completed_at error",
        "run_logs | run_id seq timestamp level category message data",
        "job_dependencies | job_id depends_on_id",
        "workers | id host pid slots started_at last_seen_at",
      })
  void hasThePromisedColumns(String table, String columns) throws SQLException {
    assertThat(
            column(
                "select column_name from information_schema.columns where table_schema = 'aidp' and"
                    + " table_name = '"
                    + table
                    + "'"))
        .containsAll(Arrays.asList(columns.split(" ")));
    assertThat(column("select count(*) from aidp." + table)).hasSize(1);
  }

  @Test
  void everyTableViewAndFunctionIsExplained() throws SQLException {
    assertThat(
            column(
                """
                select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'aidp' and c.relkind in ('r', 'p', 'v') and not c.relispartition
                  and c.relname <> 'schema_history' and obj_description(c.oid, 'pg_class') is null
                union all
                select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = 'aidp' and obj_description(p.oid, 'pg_proc') is null
                """))
        .isEmpty();
  }

  @Test
  void everyConstraintHasANameOfItsOwn() throws SQLException {
    // PostgreSQL's own names end so, or in a number; not-null constraints have names since 18.
    Predicate<String> invented =
        name -> name.matches(".*(_check\\d*|_excl\\d*|_fkey\\d*|_key\\d*)");
    assertThat(
            column(
                """
                select c.conname from pg_constraint c join pg_namespace n on n.oid = c.connamespace
                join pg_class t on t.oid = c.conrelid
                where n.nspname = 'aidp' and c.contype <> 'n' and t.relname <> 'schema_history'
                """))
        .isNotEmpty()
        .noneMatch(invented);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jobs_status | status = 'done'",
        "jobs_waiting_has_reason | status = 'waiting'",
        "jobs_ended_has_time | status = 'completed'",
        "jobs_priority_range | priority = 101",
        "jobs_max_attempts_positive | max_attempts = 0",
        "jobs_max_crashes_positive | max_crashes = 0",
        "jobs_counts | pending_dependencies = -1",
        "jobs_provider_named | provider = ''",
        "jobs_prompt_given | prompt = ''",
      })
  void refusesWhatMustNotBe(String constraint, String change) throws SQLException {
    column("select aidp.enqueue('shell', 'x')");
    Assertions.assertThatThrownBy(() -> column("update aidp.jobs set " + change + " returning id"))
        .hasMessageContaining("\"" + constraint + "\"");
  }

  @Test
  void logsGoToThePartitionOfTheirMonth() throws SQLException {
    String partitions =
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            + " where i.inhparent = 'aidp.job_logs'::regclass order by 1";
    assertThat(column(partitions)).hasSize(4).contains("job_logs_default");
    assertThat(column("select aidp.create_log_partitions()")).containsExactly("0");
    assertThat(column("select aidp.create_log_partitions(4)")).containsExactly("2");
    assertThat(column(partitions)).hasSize(6);
    assertThat(
            column(
                """
                insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)
                values (1, 1, 1, now(), 'info', 'node', 'now'), (1, 1, 2, '2001-01-01', 'info', 'node', 'long ago')
                returning (tableoid::regclass is not distinct from to_regclass('aidp.job_logs_' || to_char(timestamp at time zone 'UTC', 'YYYYMM')))
                  || ' ' || (tableoid = 'aidp.job_logs_default'::regclass)
                """))
        .containsExactly("true false", "false true");
  }

  @Test
  void aSingleJobIsARunOfOneNode() throws SQLException {
    List<String> id = column("select aidp.enqueue('shell', 'echo run')");
    assertThat(
            column(
                "select concat_ws('|', r.pipeline, r.prompt, r.status, r.single_job) from aidp.runs"
                    + " r join aidp.jobs j on j.run_id = r.id where j.id = "
                    + id.getFirst()))
        .containsExactly("echo run|echo run|queued|t");
  }
}
