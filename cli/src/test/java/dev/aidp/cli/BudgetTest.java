package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BudgetTest {
  private final Cli cli;

  BudgetTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  private long demo(String prompt, String... options) {
    String[] arguments = new String[options.length + 4];
    System.arraycopy(new String[] {"prompt", "--provider", "demo", prompt}, 0, arguments, 0, 4);
    System.arraycopy(options, 0, arguments, 4, options.length);
    return Long.parseLong(cli.run(arguments).out().strip());
  }

  private void assertStopped(long id, String error) {
    JsonNode job = show(id);
    assertThat(job.path("status").asString()).isEqualTo("failed");
    assertThat(job.path("errorClass").asString()).isEqualTo("budget");
    assertThat(job.path("error").asString()).matches(error);
  }

  @Test
  void aJobIsStoppedWhileItRunsWhenItsTokensAreUsed() {
    long id = demo("go [[demo: lines=500]]", "--max-tokens", "300");
    cli.work();
    assertStopped(id, "budget of the job: 30\\d of 300 tokens are used");
    assertThat(show(id).path("usage").path("outputTokens").asLong()).isBetween(50L, 120L);
    assertThat(show(id).path("costUsd").isNull()).isFalse();
  }

  @Test
  void aJobIsStoppedWhileItRunsWhenItHasCostEnough() {
    long id = demo("go [[demo: lines=500]]", "--max-cost", "0.0005");
    cli.work();
    assertStopped(id, "budget of the job: \\$0\\.00050\\d? of \\$0\\.0005 are spent");
  }

  @Test
  void earlierExecutionsCountAndARaisedBudgetLetsTheJobGoOn() {
    long id = demo("go [[demo: lines=60]]", "--max-tokens", "300");
    cli.work();
    cli.run("jobs", "resume", id + "");
    cli.work();
    assertStopped(id, "budget of the job: 30\\d of 300 tokens are used");
    assertThat(show(id).path("executions").get(1).path("usage").path("inputTokens").asLong())
        .isZero();
    assertThat(cli.run("jobs", "resume", id + "", "--max-tokens", "0").exitCode()).isEqualTo(2);
    cli.run("jobs", "resume", id + "", "--max-tokens", "100000");
    cli.work();
    assertThat(show(id).path("status").asString()).isEqualTo("completed");
    assertThat(show(id).path("usage").path("inputTokens").asLong()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void theConfigurationLimitsAJobAndFlagsWin() {
    cli.write("workspace/aidp.yml", "budget: {per_job_usd: 0.0005, per_run_usd: 0.0006}\n");
    long limited = demo("go [[demo: lines=500]]");
    long freed = demo("go [[demo: lines=500]]", "--max-cost", "1");
    cli.work();
    assertStopped(limited, "budget of the job: .* of \\$0\\.0005 are spent");
    assertThat(show(freed).path("status").asString()).isEqualTo("completed");
  }

  @Test
  void theJobsOfARunShareItsBudget() {
    cli.write("workspace/aidp.yml", "budget: {per_run_usd: 0.0008}\n");
    long first = demo("go [[demo: lines=5]]");
    cli.work();
    assertThat(show(first).path("status").asString()).isEqualTo("completed");
    long second = demo("go [[demo: lines=500]]");
    cli.query(
        "update aidp.jobs set run_id = (select run_id from aidp.jobs where id = 1) returning 1");
    cli.work();
    assertStopped(second, "budget of the run: .* of \\$0\\.0008 are spent");
    BigDecimal both =
        show(first).path("costUsd").decimalValue().add(show(second).path("costUsd").decimalValue());
    assertThat(both).isBetween(new BigDecimal("0.0008"), new BigDecimal("0.001"));
  }

  @Test
  void theJobsOfAWorkspaceShareTheDaysBudgetWhichIsThatOfTheMomentOfTheStart() throws Exception {
    cli.write("workspace/aidp.yml", "budget: {per_day_usd: 0.0002}\n");
    long first = demo("go");
    cli.work();
    long second = demo("go");
    long command = Long.parseLong(cli.run("exec", "--", "true").out().strip());
    Path elsewhere = Files.createDirectory(cli.workspace().resolveSibling("elsewhere"));
    long third = demo("go", "--workspace", elsewhere.toString());
    cli.work();
    String error =
        "budget of the workspace for the day: \\$0\\.000\\d* of \\$0\\.0002 are spent; "
            + "the next day begins at \\d{4}-\\d\\d-\\d\\dT00:00:00\\.000Z";
    assertStopped(first, error);
    assertStopped(second, error);
    assertThat(show(second).path("usage").path("inputTokens").asLong()).isZero();
    assertThat(show(command).path("status").asString()).isEqualTo("completed");
    assertThat(show(third).path("status").asString()).isEqualTo("completed");
    cli.write("workspace/aidp.yml", "budget: {per_day_usd: 5}\n");
    cli.run("jobs", "retry", second + "");
    cli.work();
    assertThat(show(second).path("status").asString()).isEqualTo("completed");
  }

  /// The one that is left behind ends by itself, but long after the test.
  @Test
  void theProcessesOfAnAgentAreEndedAndItsProgramIsToldWhatIsLeft() throws IOException {
    Path agent =
        cli.write(
            "agent",
            """
            #!/bin/sh
            cat > /dev/null
            printf '%s\\n' "$*" >> "$0.arguments"
            sleep 600 &
            echo $! > "$0.pid"
            echo '{"type":"assistant","message":{"id":"m1","model":"claude-sonnet-4-5","usage":{"input_tokens":100000,"output_tokens":1000},"content":[{"type":"text","text":"hi"}]}}'
            sleep 600
            """);
    assertThat(agent.toFile().setExecutable(true)).isTrue();
    cli.with("AIDP_CLAUDE_CMD", agent.toString());
    cli.run("prompt", "--provider", "claude", "--max-cost", "0.25", "go");
    cli.work();
    // 100,000 at 3 and 1,000 at 15 dollars per million.
    assertStopped(1, "budget of the job: \\$0\\.315 of \\$0\\.25 are spent");
    long pid = Long.parseLong(Files.readString(Path.of(agent + ".pid")).strip());
    // Killed, it may be there until its parent has taken note.
    ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
    cli.run("jobs", "retry", "1", "--max-cost", "0.40");
    cli.work();
    assertThat(Files.readAllLines(Path.of(agent + ".arguments")))
        .satisfiesExactly(
            first -> assertThat(first).contains("--max-budget-usd 0.25"),
            second -> assertThat(second).contains("--max-budget-usd 0.085"));
  }

  @Test
  void refusesBudgetsThatAreNone() {
    assertThat(cli.run("prompt", "--provider", "demo", "--max-cost", "lots", "x").exitCode())
        .isEqualTo(2);
    assertThat(cli.run("prompt", "--provider", "demo", "--max-cost", "0", "x").exitCode())
        .isEqualTo(2);
    assertThat(cli.run("prompt", "--provider", "demo", "--max-tokens", "0", "x").exitCode())
        .isEqualTo(2);
  }
}
