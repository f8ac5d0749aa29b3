package dev.aidp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkerCommandTest {
  /// Ends only if so many run at once.
  private static final String MEETING =
      "touch here.$$; until [ $(ls here.* | wc -l) -ge 4 ]; do sleep 0.05; done";

  private final Cli cli;

  WorkerCommandTest(@TempDir Path directory) {
    cli = new Cli(directory);
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private void queueAMeeting() {
    for (int i = 0; i < 4; i++) {
      cli.run("exec", "--timeout", "60s", "--", "sh", "-c", MEETING);
    }
  }

  private String statuses() {
    return cli.query("select string_agg(distinct status, ' ') from aidp.jobs");
  }

  @Test
  void drainsWhatIsRepeatedSoonAndNotWhatIsFarOff() {
    cli.run("prompt", "--provider", "demo", "go [[demo: fail=transient times=2]]");
    cli.run("exec", "--delay", "1h", "--", "true");
    cli.work();
    assertThat(cli.run("jobs", "list").out())
        .matches("2\tshell\twaiting\t.*\\R1\tdemo\tcompleted\t.*\\R");
  }

  @Test
  void runsAsManyAtOnceAsTheVariableSays() {
    queueAMeeting();
    assertThat(cli.with("QUE_WORKER_COUNT", "4").run("worker", "--drain").exitCode()).isZero();
    assertThat(statuses()).isEqualTo("completed");
    assertThat(cli.query("select slots from aidp.workers")).isEqualTo("4");
  }

  @Test
  void letsTheFlagWinOverTheVariable() {
    queueAMeeting();
    cli.with("QUE_WORKER_COUNT", "1").run("worker", "--drain", "--count", "4");
    assertThat(statuses()).isEqualTo("completed");
  }

  @Test
  void hasOneSlotWhereNothingIsSaid() {
    cli.run("worker", "--drain");
    assertThat(cli.query("select slots from aidp.workers")).isEqualTo("1");
  }

  @Test
  void drainsWhatIsRunnableAndLeavesWhatWaits() {
    cli.run("exec", "--", "true");
    cli.run("exec", "--delay", "1h", "--", "true");
    assertThat(cli.run("worker", "--drain").exitCode()).isZero();
    assertThat(cli.query("select string_agg(status, ' ' order by id) from aidp.jobs"))
        .isEqualTo("completed waiting");
  }

  @Test
  void endsWhenItWasIdleForSoLong() {
    cli.run("exec", "--", "true");
    assertThat(cli.run("worker", "--idle-exit", "1ms").exitCode()).isZero();
    assertThat(statuses()).isEqualTo("completed");
  }

  @ParameterizedTest
  @CsvSource({"--count, 0", "--count, x", "--count, 100000", "--grace, soon", "--idle-exit, -1s"})
  void refusesBadValues(String option, String value) {
    Result result = cli.run("worker", option, value);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(option);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "many", "1.5"})
  void refusesABadVariable(String value) {
    Result result = cli.with("QUE_WORKER_COUNT", value).run("worker", "--drain");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("QUE_WORKER_COUNT");
  }
}
