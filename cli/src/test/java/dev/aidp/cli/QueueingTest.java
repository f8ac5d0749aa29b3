package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class QueueingTest {
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Cli cli;

  QueueingTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private JsonNode show(long id) {
    return JsonMapper.shared().readTree(cli.run("jobs", "show", id + "", "--json").out());
  }

  @Test
  void printsTheBareIdAndAHintBesideIt() {
    assertThat(cli.run("exec", "--", "true"))
        .isEqualTo(new Result(0, "1\n", "Follow it: aidp jobs logs -f 1\n1 queued, no worker\n"));
  }

  @Test
  void printsJobAndRunAsJson() {
    Result result = cli.run("prompt", "--provider", "demo", "--json", "say hello");
    JsonNode node = JsonMapper.shared().readTree(result.out());
    assertThat(node.path("jobId").asLong()).isEqualTo(1);
    assertThat(node.path("runId").asString()).matches(UUID);
    assertThat(result.err()).isEqualTo("1 queued, no worker\n");
  }

  @Test
  void keepsTheWordsOfACommandAsTheyWereGiven() {
    cli.run(
        "exec", "--", "printf", "[%s]", "a b", "", "--wait", "--", "'q'", "$HOME", "@x", "${y}");
    cli.work();
    assertThat(cli.run("jobs", "result", "1"))
        .isEqualTo(new Result(0, "[a b][][--wait][--]['q'][$HOME][@x][${y}]\n", ""));
    assertThat(show(1).path("prompt").asString())
        .isEqualTo("printf '[%s]' 'a b' '' --wait -- ''\\''q'\\''' '$HOME' @x '${y}'");
  }

  @Test
  void takesWhatFollowsTheFirstWordAsTheCommandEvenWithoutADash() {
    cli.run("exec", "echo", "--json", "-x");
    cli.work();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("--json -x\n");
  }

  @Test
  void givesTheJobTheEnvironmentOfItsShell() {
    cli.with("FOO", "from the shell").run("exec", "--", "sh", "-c", "echo \"$FOO\"");
    cli.with("FOO", "from the worker").work();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("from the shell\n");
  }

  @Test
  void runsEachOfTwoShellsJobsWithTheKeysOfItsOwn() throws Exception {
    Path agent =
        cli.write(
            "claude",
            """
            #!/bin/sh
            cat > /dev/null
            echo '{"type":"system","subtype":"init","session_id":"s"}'
            printf '{"type":"result","subtype":"success","is_error":false,"result":"key %s"}\\n' "$ANTHROPIC_API_KEY"
            """);
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
    cli.with("AIDP_CLAUDE_CMD", agent.toString());
    for (String key : List.of("first", "second")) {
      cli.with("ANTHROPIC_API_KEY", key).run("prompt", "--provider", "claude", "hello");
    }
    cli.with("ANTHROPIC_API_KEY", "the worker's").work();
    assertThat(cli.run("jobs", "result", "1").out()).isEqualTo("key first\n");
    assertThat(cli.run("jobs", "result", "2").out()).isEqualTo("key second\n");
  }

  @Test
  void storesEveryOption() {
    cli.run(
        "exec",
        "--priority",
        "-5",
        "--timeout",
        "90s",
        "--max-attempts",
        "4",
        "--max-crashes",
        "7",
        "--at",
        "2099-01-02T03:04:05Z",
        "--any-host",
        "--key",
        "k",
        "--permissions",
        "all",
        "--",
        "true");
    JsonNode job = show(1);
    assertThat(job.path("priority").asInt()).isEqualTo(-5);
    assertThat(job.path("maxAttempts").asInt()).isEqualTo(4);
    assertThat(job.path("host").isNull()).isTrue();
    assertThat(job.path("status").asString()).isEqualTo("waiting");
    assertThat(job.path("reason").asString()).isEqualTo("starts at 2099-01-02T03:04:05.000Z");
    assertThat(
            cli.query(
                "select concat_ws(' ', timeout, max_crashes, idempotency_key, options ->> 'permissions') from aidp.jobs"))
        .isEqualTo("00:01:30 7 k all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --priority 101        | the value of --priority is out of range
          --priority x          | Invalid value for option '--priority': 'x' is not a whole number
          --timeout 5           | Invalid value for option '--timeout': '5' is not a duration; write it like 500ms, 30s or 1h30m
          --timeout 0s          | the value of --timeout is out of range
          --delay soon          | Invalid value for option '--delay': 'soon' is not a duration; write it like 500ms, 30s or 1h30m
          --delay 9999d         | the value of --delay is out of range
          --at tomorrow         | Invalid value for option '--at': 'tomorrow' is not a time; write it like 2026-01-31T18:00:00Z
          --max-attempts 0      | the value of --max-attempts is out of range
          --max-crashes 0       | the value of --max-crashes is out of range
          --permissions root    | Invalid value for option '--permissions': 'root' is none of read, edit, all
          --provider nobody     | There is no provider 'nobody'
          --delay 1s --at 2099-01-02T03:04:05Z | --delay and --at contradict each other
          """)
  void refusesABadValueWithCode2(String options, String message) {
    String[] words = (options + " --provider demo hello").split(" ");
    String[] given = options.startsWith("--provider") ? (options + " hello").split(" ") : words;
    String[] arguments = new String[given.length + 1];
    arguments[0] = "prompt";
    System.arraycopy(given, 0, arguments, 1, given.length);
    Result result = cli.run(arguments);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("aidp: " + message).contains("\n  ");
    assertThat(cli.run("jobs", "list").out()).isEmpty();
  }

  @Test
  void refusesAnEmptyPrompt() {
    assertThat(cli.run("prompt", "--provider", "demo", " \n "))
        .isEqualTo(
            new Result(
                2,
                "",
                "aidp: the prompt is empty\n  Say what shall be done\n  Type `aidp prompt --help` for usage\n"));
  }

  @Test
  void readsThePromptFromStdin() {
    cli.stdin("line one\nline two ✓".getBytes(StandardCharsets.UTF_8));
    assertThat(cli.run("prompt", "--provider", "demo", "-").exitCode()).isZero();
    assertThat(show(1).path("prompt").asString()).isEqualTo("line one\nline two ✓");
    assertThat(show(1).path("name").asString()).isEqualTo("line one");
  }

  @Test
  void readsThePromptFromAFile() {
    cli.write("workspace/p.md", "from the file");
    assertThat(cli.run("prompt", "--provider", "demo", "@p.md").exitCode()).isZero();
    assertThat(show(1).path("prompt").asString()).isEqualTo("from the file");
  }

  @Test
  void findsNoFileOrWorkspaceWithCode4() {
    assertThat(cli.run("prompt", "--provider", "demo", "@none.md"))
        .isEqualTo(
            new Result(
                4,
                "",
                "aidp: The prompt's file none.md can't be read: no such file or directory\n  Name a readable file: aidp prompt @FILE\n"));
    assertThat(cli.run("exec", "--workspace", "none", "--", "true"))
        .isEqualTo(
            new Result(
                4,
                "",
                "aidp: The workspace "
                    + cli.workspace().resolve("none")
                    + " can't be used: missing\n  Name an existing directory with --workspace DIR\n"));
  }

  @Test
  void replacesWhatIsNoTextAndSaysSo() {
    cli.stdin(new byte[] {'a', (byte) 0xff, 'b', 0, 'c'});
    Result result = cli.run("prompt", "--provider", "demo", "-");
    assertThat(result.err())
        .startsWith(
            """
            aidp: the prompt is not UTF-8 throughout; what is not was replaced by U+FFFD
            aidp: the prompt has NUL characters; they were replaced by U+FFFD
            """);
    assertThat(show(1).path("prompt").asString()).isEqualTo("a\uFFFDb\uFFFDc");
  }

  @Test
  void takesAPromptOfManyMegabytes() {
    byte[] large = "0123456789abcdef".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    cli.stdin(large);
    assertThat(cli.run("prompt", "--provider", "demo", "-").out()).isEqualTo("1\n");
    assertThat(cli.query("select length(prompt) from aidp.jobs")).isEqualTo(large.length + "");
  }

  @Test
  void saysHowToInstallAProviderWhoseProgramIsMissing() {
    cli.with("PATH", cli.workspace().toString());
    Result named = cli.run("prompt", "--provider", "claude", "hello");
    assertThat(named.exitCode()).isEqualTo(4);
    assertThat(named.err()).contains("claude").contains("npm install").contains("--provider demo");
    Result any = cli.run("prompt", "hello");
    assertThat(any.exitCode()).isEqualTo(4);
    assertThat(any.err()).contains("--provider demo");
  }

  @Test
  void takesTheProviderOfTheEnvironment() {
    cli.with("AIDP_PROVIDER", "demo").run("prompt", "hello");
    assertThat(show(1).path("provider").asString()).isEqualTo("demo");
  }

  @Test
  void findsTheFirstAgentInThePath() throws Exception {
    Path program = cli.write("bin/claude", "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        program, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    cli.with("PATH", program.resolveSibling("").toString()).run("prompt", "hello");
    assertThat(show(1).path("provider").asString()).isEqualTo("claude");
  }

  @Test
  void givesBackTheJobOfAKeyAndWarnsOfOtherContent() {
    cli.run("exec", "--key", "nightly", "--", "true");
    assertThat(cli.run("exec", "--key", "nightly", "--", "true").out()).isEqualTo("1\n");
    assertThat(cli.run("exec", "--key", "nightly", "--", "false"))
        .isEqualTo(
            new Result(
                0,
                "1\n",
                """
                aidp: the key nightly belongs to job 1, which asks for something else; nothing was queued
                Follow it: aidp jobs logs -f 1
                1 queued, no worker
                """));
  }

  @Test
  void agentsStallAfterHalfAnHourUnlessConfiguredAndCommandsNever() {
    cli.run("prompt", "--provider", "demo", "hello");
    cli.run("exec", "--", "true");
    cli.write("workspace/aidp.yml", "stall_timeout: 10m\n");
    cli.run("prompt", "--provider", "demo", "hello");
    cli.run("exec", "--", "true");
    assertThat(
            cli.query(
                "select string_agg(coalesce(options ->> 'stallTimeoutMs', '-'), ' ' order by id) from aidp.jobs"))
        .isEqualTo("1800000 - 600000 -");
  }

  @Test
  void limitsAgentsToFourHoursUnlessTheEnvironmentSaysOtherwise() {
    cli.run("prompt", "--provider", "demo", "a");
    cli.with("AIDP_DEMO_TIMEOUT", "10m").run("prompt", "--provider", "demo", "b");
    cli.run("exec", "--", "true");
    assertThat(
            cli.query(
                "select string_agg(coalesce(timeout::text, '-') || ' ' || coalesce(options ->> 'stallTimeoutMs', '-'), ', ' order by id) from aidp.jobs"))
        .isEqualTo("04:00:00 1800000, 00:10:00 1800000, - -");
  }
}
