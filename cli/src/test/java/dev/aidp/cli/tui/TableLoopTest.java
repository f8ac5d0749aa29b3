package dev.aidp.cli.tui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.job.CommandRunner;
import dev.aidp.cli.job.TableActions;
import dev.aidp.cli.job.WorkspaceCatalog;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Streams;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.tui.data.DatabaseJobs;
import dev.aidp.db.testing.TestDatabase;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jline.terminal.Terminal.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole table, on a terminal in memory, over a real PostgreSQL.
class TableLoopTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory = Path.of("");

  private final TestDatabase database = TestDatabase.create();
  private final VirtualScreen screen = new VirtualScreen(80, 24);
  private final List<Long> paged = new CopyOnWriteArrayList<>();
  private final Semaphore workersEnsured = new Semaphore(0);
  private final Outside outside =
      new Outside() {
        @Override
        public void ensureWorker() {
          workersEnsured.release();
        }

        @Override
        public String page(long jobId, int attempt) {
          paged.add(jobId);
          return "";
        }

        @Override
        public String edit(String name) {
          return "edited " + name;
        }
      };

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void showsJobsAsTheyChange() throws Exception {
    jobs(3);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    3  claude    ○ queued");
    screen.type("j");
    awaitRow(4, "▸    2");
    database.execute(
        "update aidp.jobs set name = 'x', reason = 'because', status = 'waiting' where id = 3");
    awaitRow(3, "     3  claude    ◌ waiting             —  because");
    jobs(2);
    await(rows -> rows.contains("▲ 2 newer (g)"));
    awaitRow(4, "▸    2");
    screen.type("g");
    awaitRow(3, "▸    5");
    screen.type("q");
    assertThat(exit(table)).isZero();
    assertThat(screen.toString()).contains("Jobs keep running in the background");
  }

  @Test
  void retriesAndCancels() throws Exception {
    jobs(1);
    end(1, "failed", "null");
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    1  claude    ✖ failed              —  broken");
    screen.type("r");
    awaitRow(3, "▸    1  claude    ○ queued");
    assertThat(workersEnsured.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    screen.type("r");
    await(rows -> rows.contains("job 1 is queued; only a failed or interrupted job"));
    screen.type("c");
    await(rows -> rows.contains("Cancel job 1 (queued)? y/n"));
    screen.type("y");
    awaitRow(3, "▸    1  claude    ⊘ interrupted         —  cancelled");
    screen.terminal().raise(Signal.INT);
    assertThat(exit(table)).isEqualTo(130);
  }

  @Test
  void resumesFromTheDetailsOrSaysThatItCannot() throws Exception {
    jobs(2);
    end(1, "failed", "null");
    end(2, "failed", "'session-2'");
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    2  claude    ✖ failed");
    screen.type("d");
    await(rows -> rows.contains("Session    session-2"));
    screen.type("r");
    await(rows -> rows.contains("○ queued") && rows.contains("will go on from its saved state"));
    screen.type("\033");
    awaitRow(3, "▸    2  claude    ○ queued");
    screen.type("jd");
    await(rows -> rows.contains("Job ID     1"));
    screen.type("r");
    await(rows -> rows.contains("there is no saved state to resume; n runs it anew"));
    screen.type("n");
    await(rows -> rows.contains("aidp › jobs › 3") && rows.contains("job 3 is queued, as 1 was"));
    screen.type("\003");
    assertThat(exit(table)).isEqualTo(130);
  }

  @Test
  void followsALogWithoutGapOrRepeatOverAnOutage() throws Exception {
    jobs(1);
    database.execute(
        """
        insert into aidp.executions (job_id, attempt, id, status, started_at) values (1, 1, 77, 'failed', now());
        """);
    log(1, 30);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    1");
    screen.type("\r");
    await(rows -> rows.contains("line 30.") && rows.contains("entry 30 of 30"));
    database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aidp jobs table'");
    log(31, 33);
    await(rows -> rows.contains("line 33."));
    assertThat(screen.toString())
        .containsSubsequence("line 29.", "line 30.", "line 31.", "line 32.");
    assertThat(screen.toString().split("line 31\\.", -1)).hasSize(2);
    screen.type("g");
    await(rows -> rows.contains("line 1.") && rows.contains("follow off"));
    screen.type("qq");
    assertThat(exit(table)).isZero();
  }

  @Test
  void keepsTheLastPictureWhileTheDatabaseIsDown() throws Exception {
    jobs(2);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    2");
    database.execute("alter table aidp.jobs rename to jobs_away");
    await(rows -> rows.contains("db ✖ stale"));
    awaitRow(3, "▸    2");
    screen.type("r");
    await(rows -> rows.contains("not done: "));
    screen.resize(60, 12);
    await(rows -> rows.contains("     1  "));
    database.execute("alter table aidp.jobs_away rename to jobs");
    await(rows -> rows.contains("db ●"));
    screen.type("q");
    assertThat(exit(table)).isZero();
  }

  @Test
  void filtersAndRunsAgain() throws Exception {
    jobs(60);
    end(7, "failed", "null");
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸   60");
    screen.type("/status:failed\r");
    awaitRow(3, "▸    7  claude    ✖ failed");
    await(rows -> rows.contains("row 1 of 1") && rows.contains("/status:failed"));
    screen.type("n");
    await(rows -> rows.contains("job 61 is queued, as 7 was"));
    screen.type("\033");
    awaitRow(3, "▸   6");
    screen.type("g");
    awaitRow(3, "▸   61  claude    ○ queued");
    screen.type(" j C");
    await(rows -> rows.contains("Cancel 2 jobs? y/n"));
    screen.type("y");
    await(rows -> rows.contains("2 of 2 jobs will stop"));
    awaitRow(3, " ◆  61  claude    ⊘ interrupted");
    screen.type(":q\r");
    assertThat(exit(table)).isZero();
  }

  @Test
  void searchesALogFindsErrorsAndPagesIt() throws Exception {
    jobs(1);
    database.execute(
        """
        insert into aidp.executions (job_id, attempt, id, status, started_at) values (1, 1, 77, 'failed', now());
        """);
    log(1, 3_000);
    database.execute(
        """
        update aidp.job_logs set level = 'error' where seq in (1000, 2500);
        update aidp.job_logs set category = 'tool', message = 'Bash: npm test' where seq in (499, 500, 1500);
        update aidp.job_logs set data = '{"tool": "Bash", "status": "ok", "durationMs": 1200, "input": {"command": "npm test"}, "output": "42 passed"}'
        where seq in (500, 1500);
        """);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    1");
    screen.type("\r");
    await(rows -> rows.contains("entry 3,000 of 3,000") && rows.contains("[3 Tools 2]"));
    screen.type("g/LINE 17\r");
    await(rows -> rows.contains("/LINE 17 1 of 111") && rows.contains("line 17."));
    screen.type("]]");
    await(rows -> rows.contains("/LINE 17 3 of 111") && rows.contains("line 171."));
    screen.type("[");
    await(rows -> rows.contains("/LINE 17 2 of 111"));
    screen.type("e");
    await(rows -> rows.contains("line 1000."));
    screen.type("e");
    await(rows -> rows.contains("line 2500."));
    screen.type("E");
    await(rows -> rows.contains("line 1000."));
    screen.type("E");
    await(rows -> rows.contains("no earlier error"));
    screen.type("3");
    await(rows -> rows.contains("✔     1s  Bash: npm test") && rows.contains("42 passed"));
    await(rows -> rows.contains("call 2 of 2") && !rows.contains("line 9"));
    screen.type("ot");
    await(rows -> paged.size() == 1);
    assertThat(paged).containsExactly(1L);
    screen.type("\003");
    assertThat(exit(table)).isEqualTo(130);
  }

  @Test
  void opensTheLogOfAnEarlierAttempt() throws Exception {
    jobs(1);
    database.execute(
        """
        insert into aidp.executions (job_id, attempt, id, status, started_at)
        values (1, 1, 77, 'failed', now()), (1, 2, 78, 'failed', now());
        """);
    log(1, 3);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    1");
    screen.type("\r");
    await(rows -> rows.contains("Nothing logged yet."));
    screen.type("2k\r");
    await(rows -> rows.contains("attempt 1 · entry 3 of 3") && rows.contains("line 3."));
    screen.type("\003");
    assertThat(exit(table)).isEqualTo(130);
  }

  @Test
  void goesFromTheMenuToAQueuedPromptAndToWorkersAndRuns() throws Exception {
    jobs(4);
    Files.createDirectories(directory.resolve("prompts"));
    Files.writeString(
        directory.resolve("prompts/fix.md"),
        """
        ---
        provider: demo
        ---
        Fix it
        """);
    Files.writeString(
        directory.resolve("prompts/old.md"),
        """
        ---
        status: archived
        ---
        No more
        """);
    CompletableFuture<Integer> table = start();
    awaitRow(3, "▸    4");
    screen.type("\033");
    await(rows -> rows.contains("▸ 1  Run a pipeline"));
    screen.type("2");
    await(rows -> rows.contains("fix.md") && !rows.contains("old.md"));
    screen.type("j\r");
    await(rows -> rows.contains("job 4 is queued"));
    awaitRow(3, "▸    4");
    screen.type(":workers\r");
    await(rows -> rows.contains("No worker lives"));
    screen.type(":runs\r");
    await(rows -> rows.contains("No run yet"));
    screen.type(":menu\r");
    await(rows -> rows.contains("View jobs"));
    screen.type("4new\r");
    await(rows -> rows.contains("edited new"));
    screen.type("q");
    assertThat(exit(table)).isZero();
  }

  private CompletableFuture<Integer> start() {
    return CompletableFuture.supplyAsync(
        () -> {
          Options options = new Options(true, false, false, false);
          CommandRunner commands = (_, _) -> new CommandRunner.Printed(0, "4", "");
          try (DatabaseJobs source =
                  DatabaseJobs.open(
                      database.connections(), new WorkspaceCatalog(directory, commands));
              Session around = session();
              TableActions actions = new TableActions(around, commands);
              TerminalSession session = TerminalSession.on(screen.terminal())) {
            return new TableLoop(session, source, actions, outside, options, Clock.systemUTC())
                .run();
          }
        },
        command -> Thread.ofPlatform().daemon().start(command));
  }

  private Session session() {
    Map<String, String> environment =
        Map.of(
            "AIDP_DATABASE_URL", database.address().toUri(),
            "AIDP_HOME", directory.toString(),
            "AIDP_HOST", "testhost",
            "HOME", directory.toString());
    Streams streams =
        Streams.piped(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    return new Session(new Console(streams, environment), environment, directory);
  }

  private static int exit(CompletableFuture<Integer> table) throws Exception {
    return table.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private void jobs(int count) {
    database.execute(
        "select aidp.enqueue('claude', 'do it') from generate_series(1, " + count + ")");
  }

  private void end(long id, String status, String session) {
    database.execute(
        """
        delete from aidp.ready where job_id = %1$d;
        update aidp.jobs set status = '%2$s', error = 'broken', completed_at = now(), session_id = %3$s where id = %1$d
        """
            .formatted(id, status, session));
  }

  private void log(int first, int last) {
    database.execute(
        """
        insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)
        select 1, 77, i, now(), 'info', 'agent', 'line ' || i || '.' from generate_series(%d, %d) i
        """
            .formatted(first, last));
  }

  /// @param start how the row begins behind its first blank
  private void awaitRow(int index, String start) {
    await(_ -> screen.rows().get(index).startsWith(" " + start));
  }

  /// Looks again whenever the screen was written to.
  private void await(Predicate<String> condition) {
    screen.await(condition, LIMIT);
  }
}
