package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JobsTest {
  private final Cli cli;

  JobsTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static String withoutTimes(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "TIME")
        .replaceAll("\\b\\d+m?s\\b", "DURATION")
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
  }

  @Test
  void listsNewestFirstAsLinesOfTabs() {
    cli.run("exec", "--", "true");
    cli.run("exec", "--", "sh", "-c", "printf 'a\\tb\\n' >&2; exit 3");
    cli.work();
    cli.run("prompt", "--provider", "demo", "hello");
    assertThat(withoutTimes(cli.run("jobs", "list").out()))
        .isEqualTo(
            """
            3\tdemo\tqueued\t\t
            2\tshell\tfailed\tDURATION\texit 3: a b
            1\tshell\tcompleted\tDURATION\t
            """);
  }

  @Test
  void listsATableOnATerminal() {
    cli.onTerminal().with("NO_COLOR", "1");
    cli.run("exec", "--", "echo", "hi");
    assertThat(cli.run("jobs", "list").out())
        .isEqualTo(
            """
            ID  PROVIDER  STATUS    DURATION  NAME
            1   shell     ○ queued            echo hi  no live worker on testhost takes shell
            """);
  }

  @Test
  void coloursOnlyWhereItIsWanted() {
    cli.run("exec", "--", "true");
    cli.work();
    assertThat(cli.run("jobs", "list").out()).doesNotContain("\u001b");
    assertThat(cli.with("CLICOLOR_FORCE", "1").run("jobs", "list").out())
        .contains("\u001b[32mcompleted\u001b[0m");
    assertThat(cli.run("jobs", "list", "--no-color").out()).doesNotContain("\u001b");
    assertThat(cli.run("--no-color", "jobs", "list").out()).doesNotContain("\u001b");
    assertThat(cli.with("NO_COLOR", "1").run("jobs", "list").out()).doesNotContain("\u001b");
  }

  @Test
  void listsWhatTheFiltersLetThrough() {
    cli.run("exec", "--", "true");
    cli.work();
    cli.run("exec", "--", "true");
    cli.run("prompt", "--provider", "demo", "hello");
    assertThat(ids("--status", "completed")).isEqualTo("1");
    assertThat(ids("--provider", "shell")).isEqualTo("2 1");
    assertThat(ids("--limit", "2")).isEqualTo("3 2");
    assertThat(ids("--before", "3", "--limit", "1")).isEqualTo("2");
    String run = cli.query("select run_id from aidp.jobs where id = 2");
    assertThat(ids("--run", run)).isEqualTo("2");
    assertThat(ids("--run", run.substring(0, 18))).isEqualTo("2");
    assertThat(cli.run("jobs", "list", "--run", "ffffffff-ffff-ffff-ffff-ffffffffffff").exitCode())
        .isEqualTo(4);
    assertThat(cli.run("jobs", "list", "--run", "xyz").exitCode()).isEqualTo(2);
    assertThat(cli.run("jobs", "list", "--limit", "0").exitCode()).isEqualTo(2);
  }

  private String ids(String... filters) {
    String[] arguments = new String[filters.length + 2];
    arguments[0] = "jobs";
    arguments[1] = "list";
    System.arraycopy(filters, 0, arguments, 2, filters.length);
    return String.join(
        " ", cli.run(arguments).out().lines().map(line -> line.split("\t", 2)[0]).toList());
  }

  @Test
  void showsEveryKeyOfAJobAndItsExecutions() {
    cli.run("prompt", "--provider", "demo", "hello");
    cli.work();
    JsonNode job = json(cli.run("jobs", "show", "1", "--json").out());
    assertThat(job.propertyNames())
        .containsExactly(
            "id",
            "name",
            "runId",
            "node",
            "provider",
            "model",
            "status",
            "reason",
            "priority",
            "attempt",
            "maxAttempts",
            "crashCount",
            "prompt",
            "workspace",
            "host",
            "createdAt",
            "startedAt",
            "completedAt",
            "durationMs",
            "error",
            "errorClass",
            "exitCode",
            "sessionId",
            "result",
            "usage",
            "costUsd",
            "costEstimated",
            "metadata",
            "progress",
            "artifactsDir",
            "worktree",
            "executions");
    assertThat(job.path("status").asString()).isEqualTo("completed");
    assertThat(job.path("error").isNull()).isTrue();
    assertThat(job.path("usage").propertyNames())
        .containsExactly("inputTokens", "outputTokens", "cachedTokens");
    assertThat(job.path("metadata").isObject()).isTrue();
    assertThat(job.path("executions").size()).isEqualTo(1);
    assertThat(job.path("executions").path(0).propertyNames())
        .containsExactly(
            "attempt",
            "status",
            "workerId",
            "host",
            "pid",
            "startedAt",
            "completedAt",
            "durationMs",
            "exitCode",
            "error",
            "errorClass",
            "sessionId",
            "usage",
            "costUsd",
            "costEstimated",
            "result");
  }

  @Test
  void hasUsageAsAnObjectEvenBeforeAJobRan() {
    cli.run("prompt", "--provider", "demo", "hello");
    JsonNode job = json(cli.run("jobs", "list", "--json").out()).path(0);
    assertThat(job.path("usage").toString())
        .isEqualTo("{\"inputTokens\":0,\"outputTokens\":0,\"cachedTokens\":0}");
    assertThat(job.path("result").isNull()).isTrue();
    assertThat(job.path("durationMs").isNull()).isTrue();
  }

  @Test
  void printsAnEmptyArrayWhereThereIsNothing() {
    assertThat(cli.run("jobs", "list", "--json")).isEqualTo(new Result(0, "[]\n", ""));
  }

  @Test
  void showsAJobForPeople() {
    cli.run("exec", "--", "sh", "-c", "exit 3");
    cli.work();
    assertThat(withoutTimes(cli.run("jobs", "show", "1").out()))
        .isEqualTo(
            """
            Job:          1  sh -c 'exit 3'
            Status:       ✖ failed
            Error:        exit 3
            Error class:  command_failed
            Exit code:    3
            Provider:     shell
            Priority:     0
            Attempt:      1 of 1
            Workspace:    WORKSPACE
            Host:         testhost
            Run:          UUID
            Created:      TIME
            Started:      TIME
            Completed:    TIME
            Duration:     DURATION
            Artifacts:    WORKSPACE/.pipeline-runs/UUID
            Prompt:
              sh -c 'exit 3'

            1\t✖ failed\tTIME\tDURATION\t1\ttesthost\texit 3
            """
                .replace("WORKSPACE", cli.workspace().toString()));
  }

  @Test
  void printsTheResultAsItIs() {
    cli.run("exec", "--", "printf", "one\\ntwo");
    assertThat(cli.run("jobs", "result", "1"))
        .isEqualTo(
            new Result(
                4,
                "",
                "aidp: Job 1 is queued and has no result\n  Type `aidp jobs wait 1`\n1 queued, no worker\n"));
    cli.work();
    assertThat(cli.run("jobs", "result", "1")).isEqualTo(new Result(0, "one\ntwo\n", ""));
  }

  @Test
  void printsTheLogInTheFormOfItsFile() {
    cli.run("exec", "--", "sh", "-c", "echo out; sleep 0.2; echo err >&2");
    assertThat(cli.run("jobs", "logs", "1").err())
        .startsWith("Job 1 is queued and has not run yet\n");
    cli.work();
    String out = withoutTimes(cli.run("jobs", "logs", "1").out());
    assertThat(out)
        .contains("[TIME] [INFO] [node] out {\"stream\":\"stdout\"}\n")
        .contains("[TIME] [WARN] [node] err {\"stream\":\"stderr\"}\n");
    assertThat(artifact("logs.txt")).contains(cli.run("jobs", "logs", "1").out());
    assertThat(withoutTimes(cli.run("jobs", "logs", "1", "--level", "warn").out()))
        .isEqualTo("[TIME] [WARN] [node] err {\"stream\":\"stderr\"}\n");
    JsonNode entry = json(cli.run("jobs", "logs", "1", "--json", "--level", "warn").out());
    assertThat(entry.propertyNames())
        .containsExactly(
            "timestamp", "level", "category", "message", "data", "jobId", "attempt", "seq");
    assertThat(cli.run("jobs", "logs", "1", "-f").out()).isNotEmpty();
  }

  private String artifact(String name) {
    try {
      return Files.readString(
          Path.of(
                  json(cli.run("jobs", "show", "1", "--json").out())
                      .path("artifactsDir")
                      .asString())
              .resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void printsTheLogOfAnyAttempt() {
    cli.run(
        "exec",
        "--",
        "sh",
        "-c",
        "[ -e mark ] && echo second || { touch mark; echo first; false; }");
    cli.work();
    cli.run("jobs", "retry", "1");
    cli.work();
    assertThat(cli.run("jobs", "logs", "1").out()).contains("second").doesNotContain("first");
    assertThat(cli.run("jobs", "logs", "1", "--attempt", "1").out())
        .contains("first")
        .doesNotContain("second");
    assertThat(cli.run("jobs", "logs", "1", "--attempt", "3"))
        .isEqualTo(new Result(4, "", "aidp: Job 1 has no attempt 3\n  Its latest is 2\n"));
  }

  @Test
  void knowsNoJobThatIsNotThere() {
    for (String command : List.of("show", "result", "logs", "wait", "retry", "resume", "cancel")) {
      Result result = cli.run("jobs", command, "99");
      assertThat(result.exitCode()).as(command).isEqualTo(4);
      assertThat(result.err().toLowerCase(java.util.Locale.ROOT)).contains("there is no job 99");
    }
    assertThat(cli.run("jobs", "show", "abc").exitCode()).isEqualTo(2);
  }

  @Test
  void retriesOnlyWhatFailedOrWasInterrupted() {
    cli.run("exec", "--", "false");
    assertThat(cli.run("jobs", "retry", "1").exitCode()).isEqualTo(4);
    cli.work();
    assertThat(cli.run("jobs", "retry", "1"))
        .isEqualTo(new Result(0, "1\n", "1 queued, no worker\n"));
    cli.work();
    Result resumed = cli.run("jobs", "resume", "1", "--json");
    assertThat(resumed.exitCode()).isEqualTo(4);
    assertThat(resumed.out()).isEmpty();
    assertThat(resumed.err()).contains("aidp jobs retry 1");
  }

  @Test
  void goesOnWithTheOthersWhenOneIsRefused() {
    cli.run("exec", "--", "true");
    cli.run("exec", "--", "true");
    Result result = cli.run("jobs", "cancel", "1", "99", "2");
    assertThat(result)
        .isEqualTo(
            new Result(
                4,
                "",
                "aidp: There is no job 99\n  See `aidp jobs list`\nJob 1 is interrupted\nJob 2 is interrupted\n"));
    assertThat(cli.run("jobs", "cancel", "1").exitCode()).isEqualTo(4);
  }

  @Test
  void saysHowManyAreQueuedWithoutAWorker() {
    cli.run("exec", "--", "true");
    cli.run("exec", "--", "true");
    assertThat(cli.run("workers")).isEqualTo(new Result(0, "", "2 queued, no worker\n"));
    assertThat(cli.run("workers", "--json"))
        .isEqualTo(new Result(0, "[]\n", "2 queued, no worker\n"));
  }
}
