package dev.aidp.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogEntry;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.migrate.Migrator;
import dev.aidp.db.server.EmbeddedServer;
import dev.aidp.worker.process.ProcessStart;
import dev.aidp.worker.provider.ShellProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database goes away in mid-job, and comes back.
class DatabaseOutageTest {
  @TempDir Path directory;
  private EmbeddedServer server;
  private WorkerHarness harness;

  @BeforeEach
  void open() {
    server = EmbeddedServer.at(directory.resolve("server"));
    server.start();
    Connections connections = Connections.to(() -> server.start());
    Migrator.migrate(connections);
    harness =
        new WorkerHarness(
            Connections.to(() -> server.running().orElseThrow(DatabaseOutageTest::away)),
            directory);
  }

  private static RuntimeException away() {
    return new dev.aidp.core.error.AidpException(
        dev.aidp.core.error.ErrorCategory.DATABASE, "the database is down", null);
  }

  @AfterEach
  void close() {
    harness.close();
    server.stop(Duration.ofSeconds(30));
  }

  @Test
  void letsAJobRunThroughAnyOutageOfADatabaseThatNobodyElseCanReach() throws Exception {
    harness.soleOwner(1, new ShellProvider());
    long id =
        harness.shell("echo before; touch begun; until [ -e up ]; do sleep 0.02; done; echo after");
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    server.stop(Duration.ofSeconds(30));
    // Beyond what would have been its lease.
    CountDownLatch never = new CountDownLatch(1);
    long outage = WorkerHarness.QUICK.leaseLimit().multipliedBy(2).toMillis();
    assertThat(never.await(outage, TimeUnit.MILLISECONDS)).isFalse();
    server.start();
    Files.writeString(directory.resolve("up"), "");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(harness.executions(id)).hasSize(1);
    assertThat(harness.logs(id))
        .extracting(LogEntry::message)
        .containsSubsequence("before", "after");
  }

  @Test
  void endsAJobBeforeAnotherHostMayTakeItAndRunsItAgain() throws Exception {
    harness.start(1);
    long id = harness.shell("echo $$ >> pids; until [ -e up ]; do sleep 0.02; done; echo done");
    Path pids = directory.resolve("pids");
    // The shell makes the file before it writes the number.
    WorkerHarness.await("its start", () -> pids.toFile().length() > 0);
    long first = Long.parseLong(Files.readString(pids).strip());

    server.stop(Duration.ofSeconds(30));
    WorkerHarness.await("its end", () -> ProcessStart.ticks(first).isEmpty());
    server.start();
    Files.writeString(directory.resolve("up"), "");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(harness.executions(id))
        .extracting(Execution::status)
        .containsExactly(JobStatus.INTERRUPTED, JobStatus.COMPLETED);
  }

  @Test
  void losesNeitherTheWorkNorALogLineOfAJobThatRunsThroughARestart() throws Exception {
    harness.start(1);
    long id =
        harness.shell(
            "echo 1; touch begun; until [ -e down ]; do sleep 0.02; done;"
                + " for i in $(seq 2 5000); do echo $i; done; touch said; until [ -e up ]; do sleep 0.02; done; echo end");
    WorkerHarness.await("its start", () -> Files.exists(directory.resolve("begun")));

    server.stop(Duration.ofSeconds(30));
    Files.writeString(directory.resolve("down"), "");
    WorkerHarness.await("its words", () -> Files.exists(directory.resolve("said")));
    server.start();
    Files.writeString(directory.resolve("up"), "");
    Job job = harness.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(harness.executions(id)).hasSize(1);
    List<String> lines =
        harness.logs(id).stream()
            .filter(entry -> entry.category().word().equals("node"))
            .map(LogEntry::message)
            .toList();
    assertThat(lines.subList(0, 5000))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 5000).mapToObj(String::valueOf).toList());
    assertThat(lines.getLast()).isEqualTo("end");
  }
}
