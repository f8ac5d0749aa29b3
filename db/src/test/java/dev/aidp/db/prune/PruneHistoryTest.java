package dev.aidp.db.prune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.db.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PruneHistoryTest {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final String RUN = "00000000-0000-4000-8000-000000000001";

  private final TestDatabase database = TestDatabase.create();
  private final Connection connection = database.connections().open("test");

  @AfterEach
  void close() throws Exception {
    connection.close();
    database.close();
  }

  /// A job that ended so many days ago, with one execution and two lines of log.
  private long ended(String status, int daysAgo) {
    String sql =
        """
        with job as (
          insert into aidp.jobs (name, provider, prompt, max_attempts, status, created_at, completed_at)
          values ('job', 'shell', 'true', 1, '%1$s', now() - interval '%2$s d', now() - interval '%2$s d')
          returning id
        ), execution as (
          insert into aidp.executions (job_id, attempt, id, status, started_at)
          select id, 1, nextval('aidp.execution_id_seq'), '%1$s', now() from job
          returning id, job_id
        ), logs as (
          insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)
          select job_id, id, n, now() - interval '%2$s d', 'info', 'node', 'line' from execution, generate_series(1, 2) n
        )
        select id from job
        """
            .formatted(status, daysAgo);
    return Long.parseLong(column(sql).getFirst());
  }

  private List<String> column(String sql) {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
    return values;
  }

  private List<Long> jobs() {
    return column("select id from aidp.jobs order by id").stream().map(Long::valueOf).toList();
  }

  private void needs(long job, long dependency) {
    database.execute(
        "insert into aidp.job_dependencies (depends_on_id, job_id) values (%d, %d)"
            .formatted(dependency, job));
  }

  private void run(String status, int daysAgo, long... jobs) {
    database.execute(
        """
        insert into aidp.pipeline_runs (id, pipeline, status, completed_at)
        values ('%s', 'release', '%s', now() - interval '%d d');
        insert into aidp.run_logs (run_id, seq, level, message) values ('%1$s', 1, 'info', 'Starting')
        """
            .formatted(RUN, status, daysAgo));
    for (long job : jobs) {
      database.execute("update aidp.jobs set run_id = '%s' where id = %d".formatted(RUN, job));
    }
  }

  @Test
  void deletesWhatEndedWithAllThatBelongsToItAndKeepsTheRest() throws Exception {
    long done = ended("completed", 40);
    long failed = ended("failed", 31);
    ended("interrupted", 31);
    long young = ended("completed", 29);
    needs(failed, done);
    Map<String, Long> expected =
        Map.of("runs", 0L, "jobs", 3L, "dependencies", 1L, "executions", 3L, "logs", 6L);
    assertThat(PruneHistory.count(connection, MONTH).rows()).containsAllEntriesOf(expected);
    assertThat(jobs()).hasSize(4);
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsAllEntriesOf(expected);
    assertThat(jobs()).containsExactly(young);
    assertThat(column("select job_id from aidp.executions")).containsExactly("" + young);
    assertThat(column("select distinct job_id from aidp.job_logs")).containsExactly("" + young);
    assertThat(column("select job_id from aidp.job_dependencies")).isEmpty();
    assertThat(PruneHistory.prune(connection, MONTH).rows().values()).containsOnly(0L);
  }

  @Test
  void knowsEveryTableWithRowsOfJobsOrRuns() {
    List<String> tables =
        column(
            """
            select distinct 'aidp.' || c.relname
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = 'aidp'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
              and a.attname in ('job_id', 'run_id') and not a.attisdropped
              and c.relname not in ('ready', 'leases')
            """);
    assertThat(HistoryTable.ALL).extracting(HistoryTable::table).containsAll(tables);
  }

  @Test
  void neverTouchesWhatHasNotEnded() throws Exception {
    for (String status : List.of("queued", "running", "waiting")) {
      database.execute(
          """
          insert into aidp.jobs (name, provider, prompt, max_attempts, status, reason, created_at)
          values ('job', 'shell', 'true', 1, '%s', 'why', now() - interval '90 d')
          """
              .formatted(status));
    }
    long beingWrittenBack = ended("completed", 90);
    database.execute(
        "insert into aidp.leases (job_id, token, attempt, worker_id) values (%d, gen_random_uuid(), 2, 1)"
            .formatted(beingWrittenBack));
    assertThat(PruneHistory.prune(connection, Duration.ZERO).rows()).containsEntry("jobs", 0L);
    assertThat(jobs()).hasSize(4);
  }

  @Test
  void keepsWhatAnotherJobStillReads() throws Exception {
    long first = ended("completed", 90);
    long second = ended("completed", 10);
    needs(second, first);
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("jobs", 0L);
    assertThat(PruneHistory.prune(connection, Duration.ofDays(5)).rows()).containsEntry("jobs", 2L);
  }

  @Test
  void aRunGoesAsAWholeOrNotAtAll() throws Exception {
    long old = ended("completed", 90);
    long young = ended("completed", 10);
    run("completed", 90, old, young);
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("jobs", 0L);
    database.execute("update aidp.jobs set completed_at = now() - interval '40 d'");
    database.execute("update aidp.pipeline_runs set status = 'running', completed_at = null");
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("jobs", 0L);
    database.execute(
        "update aidp.pipeline_runs set status = 'failed', completed_at = now() - interval '40 d'");
    assertThat(PruneHistory.count(connection, MONTH).rows())
        .isEqualTo(PruneHistory.prune(connection, MONTH).rows())
        .containsAllEntriesOf(Map.of("runs", 1L, "jobs", 2L, "runLogs", 1L, "logs", 4L));
    assertThat(column("select id::text from aidp.pipeline_runs")).isEmpty();
  }

  @Test
  void aWorkflowDoesNotForgetHowFarItHasCome() throws Exception {
    long earlier = ended("failed", 90);
    long latest = ended("completed", 80);
    database.execute(
        "update aidp.jobs set metadata = '{\"workflow\": \"execute\", \"step\": \"prd\"}'");
    PruneHistory.prune(connection, MONTH);
    assertThat(jobs()).containsExactly(latest).doesNotContain(earlier);
  }

  @Test
  void leavesOutAJobThatIsBeingRetried() throws Exception {
    long retried = ended("failed", 90);
    ended("failed", 90);
    try (Connection other = database.connections().open("test");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "update aidp.jobs set status = 'queued', completed_at = null where id = " + retried);
      assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("jobs", 1L);
      other.commit();
    }
    assertThat(jobs()).containsExactly(retried);
  }

  @Test
  void walksThroughMoreThanOneWindow() throws Exception {
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, max_attempts, status, completed_at)
        select 'job', 'shell', 'true', 1, 'completed', now() - interval '90 d' from generate_series(1, 2500)
        """);
    long young = ended("completed", 1);
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("jobs", 2500L);
    assertThat(jobs()).containsExactly(young);
  }

  @Test
  void forgetsWorkersThatNoExecutionNames() throws Exception {
    database.execute(
        """
        insert into aidp.workers (host, pid, slots, providers, ended_at, end_reason)
        select 'here', n, 1, '{shell}', case when n < 3 then now() - interval '90 d' end, case when n < 3 then 'stopped' end
        from generate_series(1, 3) n
        """);
    long young = ended("completed", 1);
    database.execute("update aidp.executions set worker_id = 2 where job_id = " + young);
    assertThat(PruneHistory.prune(connection, MONTH).rows()).containsEntry("workers", 1L);
    assertThat(column("select pid from aidp.workers order by pid")).containsExactly("2", "3");
  }

  @Test
  void dropsPastPartitionsOnceTheyAreEmpty() throws Exception {
    database.execute(
        """
        create table aidp.job_logs_202001 partition of aidp.job_logs for values from ('2020-01-01 00:00+00') to ('2020-02-01 00:00+00');
        create table aidp.job_logs_202002 partition of aidp.job_logs for values from ('2020-02-01 00:00+00') to ('2020-03-01 00:00+00');
        insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)
        values (1, 1, 1, '2020-02-03', 'info', 'node', 'kept')
        """);
    List<String> current =
        column(
            "select relname from pg_class where relname ~ '^job_logs_[0-9]{6}$' and relkind = 'r'");
    assertThat(DropLogPartitions.empty(connection)).isEqualTo(1);
    assertThat(DropLogPartitions.empty(connection)).isEqualTo(0);
    assertThat(
            column(
                "select relname from pg_class where relname ~ '^job_logs_[0-9]{6}$' and relkind = 'r'"))
        .containsExactlyInAnyOrderElementsOf(
            current.stream().filter(name -> !name.equals("job_logs_202001")).toList());
  }

  @Test
  void doesNotWaitForWhoeverWritesLogs() throws Exception {
    database.execute(
        "create table aidp.job_logs_202001 partition of aidp.job_logs for values from ('2020-01-01 00:00+00') to ('2020-02-01 00:00+00')");
    try (Connection writer = database.connections().open("test");
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute(
          "insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)"
              + " values (1, 1, 1, now(), 'info', 'node', 'line')");
      assertThat(DropLogPartitions.empty(connection)).isEqualTo(0);
      writer.commit();
    }
    assertThat(DropLogPartitions.empty(connection)).isEqualTo(1);
  }
}
