package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class UsageTest {
  private final Cli cli;

  UsageTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private static JsonNode json(Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out());
  }

  /// A Claude Code that tells usage, and its cost if it is given one.
  private void claude(String model, String cost) {
    Path agent =
        cli.write(
            "agent",
            """
            #!/bin/sh
            cat > /dev/null
            echo '{"type":"assistant","message":{"id":"m1","model":"MODEL","usage":{"input_tokens":600,"cache_read_input_tokens":400,"output_tokens":100},"content":[{"type":"text","text":"hi"}]}}'
            echo '{"type":"result","subtype":"success","is_error":false,"result":"done","usage":{"input_tokens":600,"cache_read_input_tokens":400,"output_tokens":100}COST}'
            """
                .replace("MODEL", model)
                .replace("COST", cost.isEmpty() ? "" : ",\"total_cost_usd\":" + cost));
    assertThat(agent.toFile().setExecutable(true)).isTrue();
    cli.with("AIDP_CLAUDE_CMD", agent.toString()).run("prompt", "--provider", "claude", "go");
    cli.work();
  }

  @Test
  void theCostThatAnAgentTellsStands() {
    claude("claude-sonnet-4-5", "0.25");
    JsonNode job = json(cli.run("jobs", "show", "1", "--json"));
    assertThat(job.path("costUsd").decimalValue()).isEqualByComparingTo("0.25");
    assertThat(job.path("costEstimated").asBoolean()).isFalse();
    assertThat(cli.run("jobs", "show", "1").out())
        .contains("Tokens:       1000 in (400 cached), 100 out")
        .contains("Cost:         $0.25\n");
  }

  @Test
  void otherwiseTheCostIsEstimatedByPublicPrices() {
    claude("claude-sonnet-4-5", "");
    JsonNode job = json(cli.run("jobs", "show", "1", "--json"));
    // 600 at 3, 400 at 0.3, 100 at 15 dollars per million.
    assertThat(job.path("costUsd").decimalValue()).isEqualByComparingTo("0.00342");
    assertThat(job.path("costEstimated").asBoolean()).isTrue();
    assertThat(cli.run("jobs", "show", "1").out()).contains("Cost:         $0.00342 (estimated)\n");
  }

  @Test
  void pricesOfTheConfigurationGoFirstWhereItIsTrusted() {
    cli.write(
        "workspace/aidp.yml",
        """
        providers:
          claude:
            prices:
              claude-*: {input: 10, output: 20, cached: 1}
        """);
    claude("claude-sonnet-4-5", "");
    cli.run("trust");
    claude("claude-sonnet-4-5", "");
    assertThat(json(cli.run("jobs", "show", "1", "--json")).path("costUsd").decimalValue())
        .isEqualByComparingTo("0.00342");
    assertThat(json(cli.run("jobs", "show", "2", "--json")).path("costUsd").decimalValue())
        .isEqualByComparingTo("0.0084");
  }

  @Test
  void theCostOfAnUnknownModelIsNotKnownAndTheLogSaysSoOnce() {
    claude("house-model", "");
    JsonNode job = json(cli.run("jobs", "show", "1", "--json"));
    assertThat(job.path("costUsd").isNull()).isTrue();
    assertThat(job.path("usage").path("inputTokens").asLong()).isEqualTo(1000);
    assertThat(cli.run("jobs", "logs", "1", "--level", "warn").out())
        .containsOnlyOnce("there are no prices for the model house-model");
    Result usage = cli.run("usage");
    assertThat(usage.out()).isEqualTo("claude\t1\t1000\t400\t100\t\n");
    assertThat(usage.err()).contains("the cost of 1 executions is not known");
  }

  @Test
  void sumsByProviderDayAndRun() {
    claude("claude-sonnet-4-5", "0.25");
    cli.run("exec", "--", "true");
    cli.run("prompt", "--provider", "demo", "hello");
    cli.work();
    JsonNode byProvider = json(cli.run("usage", "--json"));
    assertThat(byProvider.size()).isEqualTo(2);
    JsonNode claude = byProvider.get(0);
    assertThat(claude.toString())
        .isEqualTo(
            "{\"provider\":\"claude\",\"executions\":1,\"usage\":{\"inputTokens\":1000,\"outputTokens\":100,"
                + "\"cachedTokens\":400},\"costUsd\":0.25,\"costEstimated\":false,\"unpricedExecutions\":0}");
    long demoTokens = byProvider.get(1).path("usage").path("inputTokens").asLong();
    assertThat(demoTokens).isPositive();
    JsonNode byDay = json(cli.run("usage", "--by", "day", "--json"));
    assertThat(byDay.size()).isEqualTo(1);
    assertThat(byDay.get(0).path("day").asString())
        .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    assertThat(byDay.get(0).path("usage").path("inputTokens").asLong())
        .isEqualTo(1000 + demoTokens);
    JsonNode byRun = json(cli.run("usage", "--by", "run", "--json"));
    assertThat(byRun.get(1).path("run").asString())
        .isEqualTo(json(cli.run("jobs", "show", "1", "--json")).path("runId").asString());
    assertThat(cli.run("usage", "--since", "2999-01-01T00:00:00Z").out()).isEmpty();
    assertThat(json(cli.run("usage", "--since", "1h", "--json")).size()).isEqualTo(2);
    assertThat(cli.run("status").out()).contains("Used today (UTC): ");
    cli.onTerminal().with("NO_COLOR", "1");
    assertThat(cli.run("usage").out())
        .startsWith("PROVIDER  EXECUTIONS")
        .containsPattern("claude +1 +1000 +400 +100 +\\$0\\.25\n")
        .contains("total ");
  }

  @Test
  void refusesWhatIsNoTimeAndNoSum() {
    assertThat(cli.run("usage", "--since", "yesterday").exitCode()).isEqualTo(2);
    assertThat(cli.run("usage", "--by", "week").exitCode()).isEqualTo(2);
    cli.write("workspace/aidp.yml", "providers: {claude: {prices: {m: {input: 1}}}}\n");
    assertThat(cli.run("prompt", "--provider", "demo", "x"))
        .satisfies(result -> {
          assertThat(result.exitCode()).isEqualTo(2);
          assertThat(result.err())
              .contains("aidp.yml:1: 'providers.claude.prices.m' needs input and output");
        });
  }
}
