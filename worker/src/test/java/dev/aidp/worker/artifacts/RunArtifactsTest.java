package dev.aidp.worker.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.queue.AppendLogs;
import dev.aidp.db.queue.LeaseRef;
import dev.aidp.db.testing.TestDatabase;
import dev.aidp.worker.artifacts.RunArtifacts.Result;
import dev.aidp.worker.artifacts.RunArtifacts.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunArtifactsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<String> LOGS = List.of("logs.jsonl", "logs.txt", "tool-calls.jsonl");

  private static TestDatabase database;

  @TempDir private Path workspace;
  private Connection connection;
  private final RunArtifacts artifacts = new RunArtifacts("here");
  private long jobId;
  private UUID runId;
  private Path directory;

  @BeforeAll
  static void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @BeforeEach
  void queue() throws Exception {
    connection = database.dataSource().getConnection();
    queue(null, "here");
  }

  @AfterEach
  void closeConnection() throws SQLException {
    connection.close();
  }

  private void queue(@Nullable String node, String host) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into aidp.jobs (name, provider, max_attempts, prompt, workspace, node, host, created_at)
            values (E'say\\thello', 'shell', 3, 'echo hello', ?, ?, ?, ?::timestamptz)
            returning id, run_id
            """)) {
      statement.setString(1, workspace.toString());
      statement.setString(2, node);
      statement.setString(3, host);
      statement.setString(4, NOON.toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        jobId = row.getLong(1);
        runId = row.getObject(2, UUID.class);
        directory = workspace.resolve(".pipeline-runs").resolve(runId.toString());
      }
    }
  }

  private LeaseRef lease(int attempt) throws SQLException {
    UUID token = UUID.randomUUID();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into aidp.leases (job_id, token, attempt, worker_id) values (?, ?, ?, 1)"
                + " returning execution_id")) {
      statement.setLong(1, jobId);
      statement.setObject(2, token);
      statement.setInt(3, attempt);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new LeaseRef(jobId, row.getLong(1), token);
      }
    }
  }

  private void end(LeaseRef lease, int attempt, String status, @Nullable String error)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            with gone as (delete from aidp.leases where execution_id = ?)
            insert into aidp.executions (job_id, attempt, id, status, started_at, completed_at, error, error_class, exit_code)
            values (?, ?, ?, ?, ?::timestamptz, ?::timestamptz + interval '1500 ms', ?, ?, 0)
            """)) {
      statement.setLong(1, lease.executionId());
      statement.setLong(2, jobId);
      statement.setInt(3, attempt);
      statement.setLong(4, lease.executionId());
      statement.setString(5, status);
      statement.setString(6, NOON.toString());
      statement.setString(7, NOON.toString());
      statement.setString(8, error);
      statement.setString(9, error == null ? null : "transient");
      statement.executeUpdate();
    }
  }

  private LogEntry entry(
      int attempt, long seq, LogCategory category, String message, @Nullable String data) {
    return new LogEntry(
        jobId,
        attempt,
        seq,
        NOON.plusNanos(seq * 1_234_567),
        LogLevel.INFO,
        category,
        message,
        data);
  }

  private void store(LeaseRef lease, List<LogEntry> entries) throws SQLException {
    AppendLogs.append(connection, List.of(new AppendLogs.Batch(lease, entries, null, null, null)));
  }

  private Target target() {
    return new Target(workspace, runId, jobId, null);
  }

  private List<JsonNode> lines(String file) throws IOException {
    return Files.readAllLines(directory.resolve(file)).stream().map(JSON::readTree).toList();
  }

  private Map<String, String> contents(Path of) throws IOException {
    Map<String, String> contents = new LinkedHashMap<>();
    for (String log : LOGS) {
      contents.put(log, Files.readString(of.resolve(log)));
    }
    return contents;
  }

  private static final List<String> STRANGE_DATA =
      List.of(
          "{\"stream\":\"stdout\"}",
          "{\"bb\":1.50,\"a\":[1e2,-0.0,null,true,{\"z\":\"\\u0085\\u2028\\ud83d\\ude00\"}]}",
          "{\"é\":1,\"zz\":2,\"a\\\"b\":3}",
          "{}");

  /// Every kind of entry that makes a file differ between the writer's way and the database's.
  private List<LogEntry> entries(int attempt) {
    List<LogEntry> entries = new ArrayList<>();
    entries.add(entry(attempt, 1, LogCategory.NODE, "hello", null));
    entries.add(entry(attempt, 2, LogCategory.NODE, "tab\tnul\0esc\u001b[31m\u2028\ud800x", null));
    for (String data : STRANGE_DATA) {
      entries.add(entry(attempt, entries.size() + 1L, LogCategory.SYSTEM, "€ \"q\" \\", data));
    }
    entries.add(
        entry(
            attempt,
            entries.size() + 1L,
            LogCategory.TOOL,
            "Bash: npm test",
            "{\"tool\":\"Bash\",\"callId\":\"c1\"}"));
    entries.add(
        entry(
            attempt,
            entries.size() + 1L,
            LogCategory.TOOL,
            "Bash ended",
            "{\"tool\":\"Bash\",\"callId\":\"c1\",\"input\":{\"command\":\"npm test\"},"
                + "\"output\":\"ok\\nfine\",\"status\":\"ok\",\"durationMs\":12}"));
    return entries;
  }

  @Test
  void aQueuedJobHasItsFiles() throws Exception {
    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Written.class);

    assertThat(workspace.resolve(".pipeline-runs/.gitignore")).hasContent("*");
    assertThat(lines("logs.jsonl"))
        .containsExactly(
            JSON.readTree(
                """
                {"timestamp": "2026-11-21T12:00:00.000Z", "level": "info", "category": "pipeline",
                 "message": "Starting job: say\\thello", "data": null, "jobId": %d, "attempt": null, "seq": null}
                """
                    .formatted(jobId)));
    assertThat(directory.resolve("logs.txt"))
        .hasContent("[2026-11-21T12:00:00.000Z] [INFO] [pipeline] Starting job: say hello");
    assertThat(directory.resolve("tool-calls.jsonl")).isEmptyFile();
    assertThat(JSON.readTree(Files.readString(directory.resolve("metadata.json"))))
        .isEqualTo(
            JSON.readTree(
                """
                {"id": "%s", "pipelinePath": null, "pipelineName": "say\\thello", "userPrompt": "echo hello",
                 "status": "queued", "createdAt": "2026-11-21T12:00:00.000Z", "startedAt": null,
                 "completedAt": null, "error": null, "artifactsDir": "%s",
                 "nodes": [{"id": "say\\thello", "jobId": %d, "status": "queued", "attempt": 0}]}
                """
                    .formatted(runId, directory.toRealPath(), jobId)));
  }

  @Test
  void appendedExportedAndSyncedFilesAreTheSame(@TempDir Path elsewhere) throws Exception {
    artifacts.sync(connection, jobId);
    LeaseRef lease = lease(1);
    List<LogEntry> entries = entries(1);
    store(lease, entries);

    for (LogEntry entry : entries) {
      assertThat(artifacts.append(target(), List.of(entry))).isInstanceOf(Result.Written.class);
    }
    end(lease, 1, "completed", null);
    artifacts.sync(connection, jobId);
    Map<String, String> appended = contents(directory);
    artifacts.export(connection, jobId, elsewhere.resolve("run"));

    assertThat(contents(elsewhere.resolve("run"))).isEqualTo(appended);
    assertThat(Files.readAllLines(directory.resolve("logs.txt"))).hasSize(entries.size() + 2);
    assertThat(lines("logs.jsonl")).hasSize(entries.size() + 2);
    assertThat(appended.get("tool-calls.jsonl"))
        .isEqualTo(
            """
            {"timestamp":"2026-11-21T12:00:00.009Z","node":null,"tool":"Bash","callId":"c1",\
            "input":{"command":"npm test"},"output":"ok\\nfine","status":"ok","durationMs":12}
            """);
    artifacts.export(connection, jobId, directory);
    assertThat(contents(directory)).isEqualTo(appended);
  }

  @Test
  void entriesOfANodeNameIt() throws Exception {
    queue("build", "here");
    store(lease(1), entries(1));

    artifacts.sync(connection, jobId);

    assertThat(lines("logs.jsonl"))
        .allSatisfy(line -> assertThat(line.at("/data/node").asString()).isEqualTo("build"));
    assertThat(lines("tool-calls.jsonl").getFirst().path("node").asString()).isEqualTo("build");
  }

  @Test
  void eachExecutionHasItsLinesAndItsEnd() throws Exception {
    LeaseRef first = lease(1);
    store(first, List.of(entry(1, 1, LogCategory.NODE, "one", null)));
    end(first, 1, "failed", "overloaded");
    artifacts.sync(connection, jobId);
    LeaseRef second = lease(2);
    List<LogEntry> entries = List.of(entry(2, 1, LogCategory.NODE, "two", null));
    store(second, entries);
    assertThat(artifacts.append(target(), entries)).isInstanceOf(Result.Written.class);
    end(second, 2, "completed", null);
    artifacts.sync(connection, jobId);
    artifacts.sync(connection, jobId);

    assertThat(lines("logs.jsonl"))
        .extracting(line -> line.path("message").asString())
        .containsExactly(
            "Starting job: say\thello",
            "one",
            "Execution 1 failed (transient): overloaded",
            "two",
            "Execution 2 completed");
    assertThat(lines("logs.jsonl").get(2))
        .isEqualTo(
            JSON.readTree(
                """
                {"timestamp": "2026-11-21T12:00:01.500Z", "level": "error", "category": "pipeline",
                 "message": "Execution 1 failed (transient): overloaded",
                 "data": {"status": "failed", "durationMs": 1500, "errorClass": "transient", "exitCode": 0},
                 "jobId": %d, "attempt": 1, "seq": null}
                """
                    .formatted(jobId)));
  }

  @Test
  void entriesThatDoNotFollowAreLeftToASync() throws Exception {
    LeaseRef lease = lease(1);
    List<LogEntry> entries = entries(1);
    store(lease, entries);

    assertThat(artifacts.append(target(), entries)).isInstanceOf(Result.OutOfStep.class);
    assertThat(directory.resolve("logs.jsonl")).doesNotExist();
    artifacts.sync(connection, jobId);
    assertThat(artifacts.append(target(), entries)).isInstanceOf(Result.Written.class);
    assertThat(lines("logs.jsonl")).hasSize(entries.size() + 1);
    LogEntry later = entry(1, entries.size() + 2L, LogCategory.NODE, "after a gap", null);
    assertThat(artifacts.append(target(), List.of(later))).isInstanceOf(Result.OutOfStep.class);
    LogEntry tooEarly = entry(2, 1, LogCategory.NODE, "first has not ended", null);
    assertThat(artifacts.append(target(), List.of(tooEarly))).isInstanceOf(Result.OutOfStep.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs.jsonl", "logs.txt", "tool-calls.jsonl", ".state"})
  void aFileThatWasCutAnywhereBecomesWholeAgain(String file) throws Exception {
    LeaseRef lease = lease(1);
    store(lease, entries(1));
    end(lease, 1, "completed", null);
    artifacts.sync(connection, jobId);
    Map<String, String> whole = contents(directory);
    Path cut = directory.resolve(file);
    byte[] bytes = Files.readAllBytes(cut);

    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(cut, java.util.Arrays.copyOf(bytes, length));
      artifacts.sync(connection, jobId);
      assertThat(contents(directory)).isEqualTo(whole);
    }
    Files.delete(cut);
    artifacts.sync(connection, jobId);
    assertThat(contents(directory)).isEqualTo(whole);
  }

  @Test
  void whatACrashLeftBehindTheLastBatchIsWrittenOver() throws Exception {
    LeaseRef lease = lease(1);
    List<LogEntry> entries = entries(1);
    store(lease, entries);
    artifacts.sync(connection, jobId);
    for (String log : LOGS) {
      Files.writeString(directory.resolve(log), "{\"torn", StandardOpenOption.APPEND);
    }
    LogEntry next = entry(1, entries.size() + 1L, LogCategory.NODE, "next", null);
    store(lease, List.of(next));

    assertThat(artifacts.append(target(), List.of(next))).isInstanceOf(Result.Written.class);

    assertThat(lines("logs.jsonl")).hasSize(entries.size() + 2);
    artifacts.sync(connection, jobId);
    assertThat(directory.resolve("logs.txt")).content().doesNotContain("torn");
  }

  @Test
  void aStateThatSomebodyMadeUpIsNotBelieved() throws Exception {
    artifacts.sync(connection, jobId);
    Map<String, String> whole = contents(directory);
    RunState forged = new RunState(1, 1, 0, Map.of(jobId, new RunState.Position(9, 9, false)));
    Files.write(directory.resolve(".state"), forged.toBytes());

    artifacts.sync(connection, jobId);

    assertThat(contents(directory)).isEqualTo(whole);
  }

  @Test
  void severalThreadsKeepOneRunWhole(@TempDir Path elsewhere) throws Exception {
    LeaseRef lease = lease(1);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 3; t++) {
      RunArtifacts another = new RunArtifacts("here");
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> failures.add(e))
              .start(() -> {
                try (Connection own = database.dataSource().getConnection()) {
                  for (int i = 0; i < 30; i++) {
                    another.sync(own, jobId);
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (int seq = 1; seq <= 300; seq++) {
      List<LogEntry> entries = List.of(entry(1, seq, LogCategory.NODE, "line " + seq, null));
      store(lease, entries);
      artifacts.append(target(), entries);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    artifacts.sync(connection, jobId);
    artifacts.export(connection, jobId, elsewhere.resolve("run"));

    assertThat(failures).isEmpty();
    assertThat(lines("logs.jsonl")).hasSize(301);
    assertThat(contents(directory)).isEqualTo(contents(elsewhere.resolve("run")));
  }

  @Test
  void aLinkThatLeadsOutOfTheWorkspaceIsRefusedOnce(@TempDir Path outside) throws Exception {
    Files.createSymbolicLink(workspace.resolve(".pipeline-runs"), outside);

    assertThat(artifacts.sync(connection, jobId))
        .isInstanceOfSatisfying(
            Result.Unwritable.class,
            result ->
                assertThat(result.warning())
                    .contains(workspace.toString(), "leads out of the workspace"));
    assertThat(artifacts.append(target(), entries(1))).isEqualTo(new Result.Unwritable(null));
    assertThat(outside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs.jsonl", "logs.txt", "tool-calls.jsonl", ".state"})
  void aLinkInPlaceOfAFileIsNotFollowed(String file, @TempDir Path outside) throws Exception {
    Path victim = Files.writeString(outside.resolve("victim"), "precious");
    Files.createDirectories(directory);
    Files.createSymbolicLink(directory.resolve(file), victim);

    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Unwritable.class);
    assertThat(victim).hasContent("precious");
  }

  @Test
  void metadataReplaceALinkInsteadOfFollowingIt(@TempDir Path outside) throws Exception {
    Path victim = Files.writeString(outside.resolve("victim"), "precious");
    Files.createDirectories(directory);
    Files.createSymbolicLink(directory.resolve("metadata.json"), victim);
    Files.createSymbolicLink(directory.resolve(".metadata.json.tmp"), victim);

    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Written.class);
    assertThat(victim).hasContent("precious");
    assertThat(Files.isSymbolicLink(directory.resolve("metadata.json"))).isFalse();
  }

  @Test
  void aPipeInPlaceOfAFileBlocksNobody() throws Exception {
    Files.createDirectories(directory);
    Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("logs.txt").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();

    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Unwritable.class);
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsAWarning() throws Exception {
    Files.writeString(workspace.resolve(".pipeline-runs"), "");

    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Unwritable.class);
  }

  @Test
  void theWorkspacesOfOtherHostsAreLeftAlone() throws Exception {
    queue(null, "elsewhere");

    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Written.class);
    assertThat(workspace.resolve(".pipeline-runs")).doesNotExist();
  }

  @Test
  void anotherProcessThatKeepsTheLockDelaysButDoesNotBlock() throws Exception {
    artifacts.sync(connection, jobId);
    Process holder =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys; f=open(sys.argv[1],'r+'); fcntl.lockf(f, fcntl.LOCK_EX);"
                    + " print('locked', flush=True); sys.stdin.read()",
                directory.resolve(".state").toString())
            .start();
    try (var reader = holder.inputReader()) {
      org.junit.jupiter.api.Assumptions.assumeTrue("locked".equals(reader.readLine()));
      assertThat(artifacts.sync(connection, jobId))
          .isInstanceOfSatisfying(
              Result.Unwritable.class,
              result -> assertThat(result.warning()).contains("locked by another process"));
    } finally {
      holder.destroy();
      holder.waitFor();
    }
    assertThat(artifacts.sync(connection, jobId)).isInstanceOf(Result.Written.class);
    try (FileChannel file =
        FileChannel.open(directory.resolve(".state"), StandardOpenOption.READ)) {
      assertThat(file.size()).isPositive();
    }
  }
}
