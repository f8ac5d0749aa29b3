package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Agents as their users configure and call them.
class AgentsTest {
  private final Cli cli;

  AgentsTest(@TempDir Path directory) {
    cli = new Cli(directory);
    cli.with("PATH", cli.workspace().resolve("bin") + ":/usr/bin:/bin");
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private void program(String name, String script) throws IOException {
    Path file = cli.write("workspace/bin/" + name, "#!/bin/bash\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  @Test
  void aProviderOfTheConfigurationIsRunByAnyWorker() throws Exception {
    program("shout", "tr a-z A-Z; printf ' %s' \"$@\"");
    cli.write(
        "workspace/aidp.yml",
        "providers: {my-own: {command: shout -a, dialect: text, args: [b c], timeout: 5m}}\n");
    cli.run("trust");

    assertThat(cli.run("prompt", "--provider", "my-own", "--agent-arg", "-d", "hello").out())
        .isEqualTo("1\n");
    Files.delete(cli.workspace().resolve("aidp.yml"));
    cli.work();

    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("HELLO -a b c -d\n");
    assertThat(show(1).path("provider").asString()).isEqualTo("my-own");
    assertThat(cli.query("select provider || ' ' || timeout from aidp.jobs"))
        .isEqualTo("text:my-own 00:05:00");
    assertThat(cli.run("jobs", "list", "--provider", "my-own").out()).startsWith("1\tmy-own\t");
    assertThat(cli.run("jobs", "list", "--provider", "own").out()).isEmpty();
  }

  @Test
  void aJobOfSuchAProviderSaysWhenNobodyTakesIt() throws Exception {
    program("shout", "cat");
    cli.write("workspace/aidp.yml", "providers: {shout: {dialect: text}}\n");
    cli.run("trust");
    cli.run("prompt", "--provider", "shout", "hello");

    assertThat(show(1).path("reason").asString())
        .isEqualTo("no live worker on testhost takes shout");
  }

  @Test
  void aProviderWithoutAProgramIsNotQueued() {
    cli.write(
        "workspace/aidp.yml", "providers: {mine: {command: no-such-program, dialect: claude}}\n");
    cli.run("trust");

    Result result = cli.run("prompt", "--provider", "mine", "hello");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.err())
        .contains("The program of provider mine was not found: no-such-program")
        .contains("Name it in AIDP_MINE_CMD, or in aidp.yml as providers.mine.command");
  }

  @Test
  void aProgramThatCannotBeRunSaysWhy() throws Exception {
    Path file = Files.writeString(cli.workspace().resolve("not-executable"), "#!/bin/sh\n");

    assertThat(refusal(cli.workspace().toString()))
        .contains("The program of provider claude is a directory: " + cli.workspace());
    assertThat(refusal(file.toString()))
        .contains("The program of provider claude is not executable: " + file);
    assertThat(refusal("'/opt/claude --verbose"))
        .contains(
            "The program of provider claude cannot be read from AIDP_CLAUDE_CMD: the quote ' at character 1"
                + " is never closed");
  }

  private String refusal(String command) {
    Result result =
        cli.with("AIDP_CLAUDE_CMD", command).run("prompt", "--provider", "claude", "hello");
    assertThat(result.exitCode()).isEqualTo(4);
    return result.err();
  }

  @Test
  void anUntrustedWorkspaceAddsNoProvider() {
    cli.write("workspace/aidp.yml", "providers: {mine: {command: cat, dialect: text}}\n");

    Result result = cli.run("prompt", "--provider", "mine", "hello");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("There is no provider 'mine'");
  }

  @Test
  void optionsReachTheProgram() throws Exception {
    program(
        "claude",
        """
        cat > /dev/null
        printf '%s\\n' "$@" > argv
        echo '{"type":"result","subtype":"success","result":"done"}'
        """);

    cli.run(
        "prompt",
        "hello",
        "--allowed-tools",
        "Bash(git *)",
        "--allowed-tools",
        "Edit",
        "--max-turns",
        "3",
        "--agent-arg",
        "--effort",
        "--agent-arg",
        "high",
        "--permissions",
        "all");
    cli.work();

    assertThat(show(1).path("status").asString()).isEqualTo("completed");
    assertThat(String.join(" ", Files.readAllLines(cli.workspace().resolve("argv"))))
        .contains("--permission-mode bypassPermissions")
        .contains("--allowedTools Bash(git *),Edit")
        .endsWith("--max-turns 3 --effort high");
  }

  @Test
  void anOptionThatAProgramDoesNotTakeIsRefused() throws Exception {
    program("codex", "");

    Result result = cli.run("prompt", "--provider", "codex", "--allowed-tools", "Bash", "hello");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("codex takes no list of allowed tools");
    assertThat(cli.run("prompt", "--provider", "demo", "--max-turns", "0", "hello").exitCode())
        .isEqualTo(2);
  }

  @Test
  void theFirstAgentThatIsFoundIsTheDefault() throws Exception {
    cli.with("PATH", cli.workspace().resolve("bin").toString());
    Result none = cli.run("prompt", "hello");
    assertThat(none.exitCode()).isEqualTo(4);
    assertThat(none.err())
        .contains("No agent CLI was found (claude, cursor, gemini, codex)")
        .contains("--provider demo");

    program("codex", "");
    program("agent", "");
    assertThat(cli.run("prompt", "hello").out()).isEqualTo("1\n");
    assertThat(show(1).path("provider").asString()).isEqualTo("cursor");
  }

  @Test
  void detectShowsWhatIsThere() throws Exception {
    cli.with("PATH", cli.workspace().resolve("bin").toString());
    program("gemini", "echo 0.61.0");
    program("codex", "echo codex-cli 0.169.0");
    cli.with("GEMINI_API_KEY", "key");

    Result result = cli.run("detect");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .isEqualTo(
            "gemini\t0.61.0\tyes\t%1$s/bin/gemini\ncodex\tcodex-cli 0.169.0\tno\t%1$s/bin/codex\n"
                .formatted(cli.workspace()));
    JsonNode claude = JsonMapper.shared().readTree(cli.run("detect", "--json").out()).path(0);
    assertThat(claude.path("name").asString()).isEqualTo("claude");
    assertThat(claude.path("found").asBoolean()).isFalse();
    assertThat(claude.path("loggedIn").isNull()).isTrue();
    assertThat(claude.path("installHint").asString()).contains("npm install");
  }

  @Test
  void whoGoesOnInsteadGetsItsOwnArguments() throws Exception {
    program(
        "claude",
        """
        cat > /dev/null
        echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,\
        "result":"You have hit your session limit, resets 8pm (UTC)"}'
        exit 1
        """);
    program("backup", "printf '%s ' \"$@\"; cat");
    cli.write(
        "workspace/aidp.yml",
        "fallback: [backup]\nproviders: {backup: {dialect: text, args: [its own]}}\n");
    cli.run("trust");

    cli.run("prompt", "--provider", "claude", "--agent-arg", "--effort", "hello");
    cli.work();

    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("its own hello\n");
    assertThat(show(1).path("provider").asString()).isEqualTo("backup");
  }
}
