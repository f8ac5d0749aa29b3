package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConfigurationTest {
  private final Cli cli;

  ConfigurationTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  private void user(String yaml) {
    cli.write(".config/aidp/config.yml", yaml);
  }

  private void workspace(String yaml) {
    cli.write("workspace/aidp.yml", yaml);
  }

  @Test
  void knowsEveryKey() {
    user(
        """
        workspace: shop
        provider: demo
        model: big
        permissions: read
        timeout: 1h30m
        stall_timeout: 10m
        max_attempts: 5
        worker_count: 2
        fallback: [claude, demo]
        budget: {per_job_usd: 1.50, per_run_usd: 10, per_day_usd: 50}
        workflow:
          steps: [prd]
          templates: {prd: my/prd.md}
          outputs: {prd: [docs/x.md]}
          approvals: []
        retention: 30d
        database: {url: "postgresql://elsewhere/none"}
        env: {FOO: bar}
        providers:
          demo: {command: "x y", dialect: claude, model: m, args: [-v], timeout: 2h, prices: {m: {input: 1, output: 2, cached: 0.1}}}
        """);
    assertThat(cli.run("prompt", "hello").out()).isEqualTo("1\n");
    assertThat(show(1).path("provider").asString()).isEqualTo("demo");
    assertThat(show(1).path("model").asString()).isEqualTo("m");
    assertThat(show(1).path("maxAttempts").asInt()).isEqualTo(5);
    assertThat(
            cli.query(
                "select concat_ws(' ', workspace_identity, timeout, options ->> 'permissions', options ->> 'stallTimeoutMs') from aidp.jobs"))
        .isEqualTo("shop 02:00:00 read 600000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          modle: x                      | 1: unknown key 'modle'                                          | Allowed here: workspace, provider, model,
          a: b                          | 1: unknown key 'a'                                              | Allowed here: workspace,
          budget: {per_week: 1}         | 1: unknown key 'budget.per_week'                                | Allowed here: per_job_usd, per_run_usd, per_day_usd
          budget: {per_job_usd: lots}   | 1: 'budget.per_job_usd' must be an amount in US dollars         | Allowed: write it like 2.50
          permissions: root             | 1: 'permissions' is 'root'                                      | Allowed: read, edit or all
          timeout: 30                   | 1: 'timeout' is '30', which is no duration above zero           | Allowed: write it like 500ms, 30s or 1h30m
          worker_count: 0               | 1: 'worker_count' must be a number from 1 to 99999              | Allowed: write it like 3
          max_attempts: many            | 1: 'max_attempts' must be a number from 1 to 1000000            | Allowed: write it like 3
          provider: [a]                 | 1: 'provider' must be a text                                    | Allowed: write one word or quoted text
          env: {1A: x}                  | 1: 'env.1A' is no name of a variable                            | Allowed: use letters, digits and underscores
          providers: {x: {cmd: y}}      | 1: unknown key 'providers.x.cmd'                                | Allowed here: command, dialect, model, args, timeout, prices
          providers: {x: {command: "'"}}| 1: 'providers.x.command' is no command:                         | Allowed: a program and its arguments
          providers: {x: {command: y}}  | 1: 'providers.x' has no dialect                                 | Allowed: dialect: one of claude, cursor, gemini, codex, text
          providers: {x: {dialect: y}}  | 1: 'providers.x.dialect' is 'y'                                 | Allowed: claude, cursor, gemini, codex, text
          providers: {a b: {dialect: text}} | 1: 'providers.a b' is no name for a provider                | Allowed: letters, digits, - and _
          [1, 2]                        | 1: the file is no mapping                                       | Allowed: write it as `key: value` lines
          """)
  void namesFileLineKeyAndWhatIsAllowed(String line, String message, String allowed) {
    workspace(line + "\n");
    Result result = cli.run("jobs", "list");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("aidp: " + cli.workspace() + "/aidp.yml:" + message)
        .contains("\n  " + allowed);
  }

  @Test
  void namesTheLine() {
    workspace("# a comment\n\nprovider: demo\nprovider: shell\n");
    assertThat(cli.run("jobs", "list").err())
        .startsWith("aidp: " + cli.workspace() + "/aidp.yml:4: 'provider' is there twice\n");
    workspace("a: [\n");
    assertThat(cli.run("jobs", "list").err())
        .startsWith("aidp: " + cli.workspace() + "/aidp.yml:2: this is no YAML: ");
  }

  @Test
  void letsFlagsWinOverTheEnvironmentOverTheWorkspaceOverTheUser() {
    user("provider: demo\nmodel: user\n");
    cli.run("prompt", "a");
    workspace("provider: demo\nmodel: workspace\n");
    cli.run("prompt", "b");
    cli.run("prompt", "c", "--model", "flag");
    assertThat(show(1).path("model").asString()).isEqualTo("user");
    assertThat(show(2).path("model").asString()).isEqualTo("workspace");
    assertThat(show(3).path("model").asString()).isEqualTo("flag");
    cli.with("AIDP_PROVIDER", "shell").run("prompt", "true");
    assertThat(show(4).path("provider").asString()).isEqualTo("shell");
  }

  @Test
  void usesTheNearestFileAbove() {
    workspace("workspace: outer\n");
    Path inner = cli.write("workspace/a/b/file", "").getParent();
    cli.run("exec", "--workspace", String.valueOf(inner), "--", "true");
    assertThat(cli.query("select workspace_identity from aidp.jobs")).isEqualTo("outer");
  }

  @Test
  void identifiesAWorkspaceWithoutNameByHostAndPath() {
    cli.run("exec", "--", "true");
    assertThat(cli.query("select workspace_identity from aidp.jobs"))
        .isEqualTo("testhost:" + cli.workspace());
  }

  @Test
  void doesNotTrustAWorkspaceUntilItIsTold() {
    workspace("env: {FOO: evil}\ndatabase: {url: \"postgresql://evil/x\"}\n");
    Result ignored = cli.run("exec", "--", "sh", "-c", "echo FOO=$FOO");
    assertThat(ignored.exitCode()).isZero();
    assertThat(ignored.err())
        .startsWith(
            "aidp: "
                + cli.workspace()
                + "/aidp.yml: 'database' is ignored until you type `aidp trust`\naidp: "
                + cli.workspace()
                + "/aidp.yml: 'env' is ignored until you type `aidp trust`\n");
    assertThat(cli.run("trust").exitCode()).isZero();
    cli.run("exec", "--", "sh", "-c", "echo FOO=$FOO");
    assertThat(cli.run("trust", "--remove").exitCode()).isZero();
    cli.run("exec", "--", "sh", "-c", "echo FOO=$FOO");
    cli.work();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("FOO=\n");
    assertThat(cli.run("jobs", "result", "2").out()).isEqualTo("FOO=evil\n");
    assertThat(cli.run("jobs", "result", "3").out()).isEqualTo("FOO=\n");
  }

  @Test
  void letsNoClonedRepositoryDeleteHistory() {
    workspace("retention: 1s\n");
    assertThat(cli.run("exec", "--", "true").err())
        .startsWith(
            "aidp: "
                + cli.workspace()
                + "/aidp.yml: 'retention' is ignored until you type `aidp trust`\n");
  }

  @Test
  void takesTheDatabaseOfATrustedWorkspaceOnly() {
    String url = String.valueOf(cli.environment().get("AIDP_DATABASE_URL"));
    user("database: {url: \"" + url + "\"}\n");
    workspace("database: {url: \"postgresql://127.0.0.1:1/x\"}\n");
    cli.without("AIDP_DATABASE_URL");
    assertThat(cli.run("jobs", "list").exitCode()).isZero();
    cli.run("trust");
    assertThat(cli.run("jobs", "list").exitCode()).isEqualTo(3);
  }

  @Test
  void hasNothingToTrustWithoutAFile() {
    assertThat(cli.run("trust").exitCode()).isEqualTo(4);
  }

  @Test
  void refusesBadVariables() {
    assertThat(cli.with("QUE_WORKER_COUNT", "many").run("worker").err())
        .isEqualTo(
            "aidp: QUE_WORKER_COUNT is 'many', which is no number of slots\n  Set it to a number from 1 to 99999, or unset it\n");
    assertThat(
            cli.with("AIDP_DEMO_TIMEOUT", "soon")
                .run("prompt", "--provider", "demo", "hello")
                .err())
        .isEqualTo(
            "aidp: AIDP_DEMO_TIMEOUT is 'soon', which is no duration above zero\n  Write it like 30s or 1h30m, or unset it\n");
  }
}
