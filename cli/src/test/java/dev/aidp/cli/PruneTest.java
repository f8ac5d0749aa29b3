package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PruneTest {
  private final Cli cli;

  PruneTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private void endJobs() {
    cli.run("exec", "--", "echo", "old");
    cli.run("exec", "--", "echo", "young");
    cli.work();
    cli.run("exec", "--", "echo", "queued");
    cli.database()
        .execute("update aidp.jobs set completed_at = now() - interval '31 d' where id = 1");
  }

  @Test
  void countsInADryRunAndThenDeletes() {
    endJobs();
    String counts =
        """
        runs: 0
        jobs: 1
        executions: 1
        logs: %s
        """
            .formatted(cli.query("select count(*) from aidp.job_logs where job_id = 1"));
    Result dry = cli.run("db", "prune", "--older-than", "30d", "--dry-run");
    assertThat(dry.out()).isEqualTo(counts);
    assertThat(dry.err()).startsWith("Would be deleted: what ended before 2");
    assertThat(cli.query("select count(*) from aidp.jobs")).isEqualTo("3");
    Result pruned = cli.run("db", "prune", "--older-than", "30d");
    assertThat(pruned.exitCode()).isEqualTo(0);
    assertThat(pruned.out()).isEqualTo(counts);
    assertThat(pruned.err()).startsWith("Deleted: what ended before 2");
    assertThat(cli.query("select string_agg(id::text, ' ' order by id) from aidp.jobs"))
        .isEqualTo("2 3");
    assertThat(cli.run("jobs", "show", "1").exitCode()).isEqualTo(4);
  }

  @Test
  void printsCountsAsJson() {
    endJobs();
    JsonNode counts =
        JsonMapper.shared()
            .readTree(cli.run("db", "prune", "--older-than", "12h", "--dry-run", "--json").out());
    assertThat(counts.propertyNames())
        .contains(
            "before",
            "dryRun",
            "runs",
            "jobs",
            "runLogs",
            "approvals",
            "fanOuts",
            "outputs",
            "dependencies",
            "executions",
            "logs",
            "workers",
            "logPartitions");
    assertThat(counts.path("jobs").asLong()).isEqualTo(1);
    assertThat(counts.path("dryRun").asBoolean()).isTrue();
  }

  @Test
  void theKeyOfAJobThatWasPrunedIsFreeAgain() {
    String first = cli.run("exec", "--key", "nightly", "--", "true").out();
    cli.work();
    assertThat(cli.run("exec", "--key", "nightly", "--", "true").out()).isEqualTo(first);
    cli.run("db", "prune", "--older-than", "0s");
    assertThat(cli.run("exec", "--key", "nightly", "--", "true").out()).isNotEqualTo(first);
  }

  @Test
  void needsAnAge() {
    assertThat(cli.run("db", "prune").exitCode()).isEqualTo(2);
    assertThat(cli.run("db", "prune", "--older-than", "soon").exitCode()).isEqualTo(2);
    assertThat(cli.run("db", "prune", "--older-than", "999999999d").exitCode()).isEqualTo(2);
  }
}
