package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a user sees and does when a provider is at its limit.
class UsageLimitsTest {
  private static final String UTC = "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @TempDir Path directory;
  private Cli cli;

  @BeforeEach
  void open() {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(int id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", "" + id, "--json").out());
  }

  private void meetLimit() {
    cli.run("prompt", "--provider", "demo", "[[demo: fail=usage_limit times=1 reset=1h]]");
    cli.work();
    cli.run("prompt", "--provider", "demo", "held");
  }

  @Test
  void showsWhichProviderIsPausedAndUntilWhen() {
    meetLimit();
    assertThat(show(1).path("status").asString()).isEqualTo("waiting");
    assertThat(show(1).path("reason").asString()).matches("usage limit, until " + UTC);
    assertThat(show(1).path("attempt").asInt()).isZero();
    assertThat(show(2).path("status").asString()).isEqualTo("waiting");
    assertThat(show(2).path("reason").asString()).matches("usage limit of demo, until " + UTC);
    assertThat(cli.run("jobs", "list", "--status", "waiting").out().lines()).hasSize(2);
    assertThat(cli.run("status").out())
        .contains("waiting: 2", "Paused: 1\n  demo on testhost: usage limit, until ");
    assertThat(cli.run("workers").err())
        .contains("demo on testhost: usage limit, until ", "`aidp unpause demo --host testhost`");
    assertThat(cli.run("doctor").out()).contains("limits: demo on testhost: usage limit, until ");
    JsonNode paused =
        JsonMapper.shared().readTree(cli.run("status", "--json").out()).path("paused").path(0);
    assertThat(paused.path("provider").asString()).isEqualTo("demo");
    assertThat(paused.path("host").asString()).isEqualTo("testhost");
    assertThat(paused.path("until").asString()).matches(UTC);
    assertThat(paused.path("error").asString()).contains("usage_limit");
    Result late = cli.run("jobs", "wait", "2", "--timeout", "10ms");
    assertThat(late.exitCode()).isEqualTo(8);
    assertThat(late.err()).contains("job 2 is still waiting: usage limit of demo, until ");
  }

  @Test
  void aFallbackIsFixedWhenQueueing() {
    cli.write("workspace/aidp.yml", "fallback: [nobody]\n");
    Result refused = cli.run("prompt", "--provider", "demo", "hello");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("aidp: fallback names 'nobody', which is no agent\n  Known: ");
    cli.write("workspace/aidp.yml", "fallback: [demo, gemini, shell]\n");
    assertThat(cli.run("prompt", "--provider", "demo", "hello").exitCode()).isEqualTo(2);

    // Gemini's program is not there, so that it is left out.
    cli.with("AIDP_CLAUDE_CMD", "true").with("AIDP_GEMINI_CMD", "/nowhere/gemini");
    cli.write("workspace/aidp.yml", "fallback: [gemini, demo]\n");
    cli.run("prompt", "--provider", "claude", "--model", "opus", "hello");
    assertThat(cli.query("select options ->> 'fallback' from aidp.jobs"))
        .isEqualTo(
            "[{\"model\": null, \"provider\": \"demo\"}, {\"model\": \"opus\", \"provider\": \"claude\"}]");
    cli.run("exec", "--", "true");
    assertThat(cli.query("select options ? 'fallback' from aidp.jobs where id = 2")).isEqualTo("f");
  }

  @Test
  void endsAPauseByHand() {
    meetLimit();
    Result elsewhere = cli.run("unpause", "demo", "--host", "other");
    assertThat(elsewhere.exitCode()).isEqualTo(4);
    assertThat(elsewhere.err())
        .startsWith("aidp: demo is not paused on other\n")
        .contains("aidp unpause demo --host testhost");
    assertThat(cli.run("unpause", "demo", "--json").out())
        .isEqualTo("{\"host\":\"testhost\",\"provider\":\"demo\",\"woken\":1}\n");
    cli.work();
    assertThat(show(1).path("status").asString()).isEqualTo("completed");
    assertThat(show(1).path("attempt").asInt()).isEqualTo(1);
    assertThat(show(2).path("status").asString()).isEqualTo("completed");
    assertThat(cli.run("unpause", "demo").exitCode()).isEqualTo(4);
  }
}
