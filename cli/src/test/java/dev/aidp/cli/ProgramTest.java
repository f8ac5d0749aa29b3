package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import dev.aidp.cli.output.Streams;
import dev.aidp.db.migrate.Migrator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
  private final Cli cli;

  ProgramTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void printsItsUsageOnStderrWithoutACommand() {
    Result result = cli.run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("Usage: aidp ").contains("prompt", "exec", "doctor");
  }

  @Test
  void printsHelpOnStdout() {
    for (String command :
        new String[] {
          "prompt",
          "exec",
          "execute",
          "jobs",
          "worker",
          "workers",
          "status",
          "db",
          "detect",
          "doctor",
          "trust",
          "unpause",
          "analyze",
          "approve",
          "reject",
          "reset",
          "completion"
        }) {
      Result result = cli.run(command, "--help");
      assertThat(result.exitCode()).as(command).isZero();
      assertThat(result.out()).startsWith("Usage: aidp " + command);
      assertThat(result.err()).isEmpty();
    }
    assertThat(cli.run("jobs", "logs", "--help").out()).startsWith("Usage: aidp jobs logs");
    assertThat(cli.run("--help").out()).contains("prompt", "jobs", "worker", "db");
  }

  @Test
  void knowsItsVersion() {
    assertThat(cli.run("--version").out()).isEqualTo("aidp development\n");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(cli.run("jobz"))
        .isEqualTo(
            new Result(
                2,
                "",
                """
                aidp: Unknown command: 'jobz'
                  Did you mean jobs?
                  Type `aidp --help` for usage
                """));
    assertThat(cli.run("jobs", "frobnicate").err())
        .isEqualTo(
            """
            aidp: Unknown command: 'frobnicate'
              Type `aidp jobs --help` for usage
            """);
    assertThat(cli.run("status", "now").err()).startsWith("aidp: Unexpected argument: 'now'\n");
    assertThat(cli.run("jobs", "show", "abc").err())
        .startsWith("aidp: Invalid value for ID: 'abc' is not a whole number\n");
    assertThat(cli.run("jobs", "list", "--limit", "99999999999").err())
        .startsWith("aidp: Invalid value for option '--limit': '99999999999' is out of range\n");
    assertThat(cli.run("jobs", "list", "--frobnicate"))
        .isEqualTo(
            new Result(
                2,
                "",
                "aidp: Unknown option: '--frobnicate'\n  Type `aidp jobs list --help` for usage\n"));
  }

  @Test
  void saysThatTheDatabaseCannotBeReached() {
    Result result =
        cli.with("AIDP_DATABASE_URL", "postgresql://127.0.0.1:1/none").run("jobs", "list");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("aidp: The database at 127.0.0.1:1/none can't be reached: ")
        .contains("\n  ")
        .doesNotContain("\tat ");
  }

  @Test
  void showsAStackTraceOnlyForDebugging() {
    cli.with("AIDP_DATABASE_URL", "postgresql://127.0.0.1:1/none").with("AIDP_DEBUG", "1");
    assertThat(cli.run("jobs", "list").err()).contains("\tat ");
  }

  @Test
  void endsQuietlyWhenItsReaderHasLeft() {
    cli.run("exec", "--", "true");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(runInto(new Failing("Broken pipe"), err, "jobs", "list")).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("1 queued, no worker\n");
  }

  @Test
  void complainsWhenItsOutputCannotBeWritten() {
    cli.run("exec", "--", "true");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(runInto(new Failing("No space left on device"), err, "jobs", "list")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("aidp: Writing the output failed: No space left on device\n");
  }

  @Test
  void printsHelpIntoAClosedPipeWithoutAWord() {
    for (String option : new String[] {"--help", "--version"}) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      assertThat(runInto(new Failing("Broken pipe"), err, option)).isZero();
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
      assertThat(runInto(new Failing("No space left on device"), err, option)).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("aidp: Writing the output failed: No space left on device\n");
    }
  }

  private int runInto(OutputStream out, OutputStream err, String... arguments) {
    return Main.run(
        arguments,
        Streams.piped(new ByteArrayInputStream(new byte[0]), out, err),
        cli.environment(),
        cli.workspace());
  }

  private static final class Failing extends OutputStream {
    private final String message;

    Failing(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }

  @Test
  void logsOperationsAsWholeLines() throws Exception {
    cli.with("AIDP_LOG_FILE", "operations.log");
    cli.run("exec", "--", "true");
    cli.run("exec", "--delay", "1h", "--", "true");
    cli.run("jobs", "cancel", "2");
    cli.work();
    String log = Files.readString(cli.workspace().resolve("operations.log"));
    assertThat(log.replaceAll("\\[\\d{4}-[^]]*Z\\]", "[TIME]"))
        .isEqualTo(
            """
            [TIME] [INFO] [system] Job 1 queued {"name":"true","provider":"shell"}
            [TIME] [INFO] [system] Job 2 queued {"name":"true","provider":"shell"}
            [TIME] [INFO] [system] Job 2 cancel requested
            [TIME] [INFO] [system] Job 1 claimed {"attempt":1}
            [TIME] [INFO] [system] Job 1 completed {"attempt":1,"job":"completed"}
            """);
  }

  @Test
  void tellsWhatIsWrongAndWhatMendsIt() {
    cli.with("PATH", cli.workspace().toString());
    Result wrong = cli.run("doctor");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).contains("✖ provider: No agent CLI was found (claude", "\n    Install");
    cli.with("AIDP_PROVIDER", "demo");
    assertThat(cli.run("doctor").exitCode()).isZero();
    cli.run("exec", "--", "true");
    assertThat(cli.run("doctor").out())
        .contains("✖ worker: 1 job is queued that no worker of this host takes\n    Type");
    assertThat(cli.run("detect").exitCode()).isEqualTo(4);
  }

  @Test
  void namesABrokenConfigurationOnce() {
    cli.write("workspace/aidp.yml", "provder: demo\n");
    Result result = cli.run("doctor");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).containsOnlyOnce("unknown key 'provder'").contains("✔ home");
  }

  @Test
  void showsEverythingOnOneScreen() {
    cli.run("exec", "--", "true");
    assertThat(cli.run("status").out())
        .isEqualTo(
            """
            Workflows
              execute   0 of 16  ················
              analyze   0 of 7   ·······

            Jobs: 1
              ○ queued: 1

            Workers: 0
            """);
    assertThat(cli.run("status", "--json").out())
        .contains(
            "\"queued\":1", "\"workers\":[]", "\"workflows\":{\"execute\":[", "\"analyze\":[");
  }

  @Test
  void looksAfterADatabaseThatItDoesNotRun() {
    assertThat(cli.run("db", "migrate").exitCode()).isZero();
    assertThat(cli.run("db", "status", "--json").out())
        .contains("\"kind\":\"external\"", "\"schemaVersion\":" + Migrator.SCHEMA);
    assertThat(cli.run("db", "url").out())
        .isEqualTo(cli.environment().get("AIDP_DATABASE_URL") + "\n");
    assertThat(cli.run("db", "stop").exitCode()).isEqualTo(4);
    assertThat(cli.run("db").exitCode()).isEqualTo(2);
  }
}
