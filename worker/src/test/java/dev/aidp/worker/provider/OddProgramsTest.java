package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What programs come to that do not behave as agents do.
class OddProgramsTest {
  @TempDir private Path workspace;
  private final RecordedEvents events = new RecordedEvents();

  /// @param stderr its only line; empty: none
  private Outcome run(String provider, int exitCode, String stderr, String... stdout)
      throws InterruptedException {
    TestJob job = TestJob.of(provider, "hi");
    ProcessRunner runs =
        (_, output) -> {
          output.started(_ -> {});
          List.of(stdout).forEach(output::stdout);
          stderr.lines().forEach(output::stderr);
          return new ProcessRunner.Exit.Code(exitCode);
        };
    return Providers.all()
        .byName(provider)
        .orElseThrow()
        .run(job.attempt(workspace, events, new StopSignal(), runs));
  }

  private static void assertFailed(Outcome outcome, ErrorClass errorClass, String error) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    Outcome.Failed failed = (Outcome.Failed) outcome;
    assertThat(failed.error()).isEqualTo(error);
    assertThat(failed.errorClass()).isEqualTo(errorClass);
    assertThat(failed.repeatable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude", "cursor", "gemini", "codex"})
  void noiseOnStderrIsNoReason(String provider) throws Exception {
    assertFailed(
        run(provider, 0, "warning: this is noise"),
        ErrorClass.TRANSIENT,
        provider + " ended with exit 0 and gave no result");
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude", "cursor", "gemini", "codex"})
  void aComplaintInsteadOfABeginningIsTheReason(String provider) throws Exception {
    assertFailed(
        run(provider, 1, "boom: something broke"), ErrorClass.UNKNOWN, "boom: something broke");
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude", "cursor", "gemini", "codex"})
  void theComplaintMayComeByStdout(String provider) throws Exception {
    assertFailed(
        run(provider, 1, "", "", "something broke", ""), ErrorClass.UNKNOWN, "something broke");
  }

  @ParameterizedTest
  @CsvSource({"claude, 127", "cursor, 126", "gemini, 127", "codex, 126"})
  void aWrapperThatFindsNoProgramIsMisconfigured(String provider, int exitCode) throws Exception {
    Outcome outcome = run(provider, exitCode, "env: 'node': No such file or directory");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(((Outcome.Failed) outcome).error())
        .startsWith(
            provider
                + " could not be run: exit "
                + exitCode
                + ", env: 'node': No such file or directory; install it with '")
        .contains("AIDP_");
    assertThat(outcome.figures().exitCode()).isEqualTo(exitCode);
  }

  @Test
  void anAnswerIsKeptAsFarAsACommandsOutputIs() throws Exception {
    Outcome outcome =
        run(
            "codex",
            0,
            "",
            "{\"type\":\"thread.started\",\"thread_id\":\"t\"}",
            "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\""
                + "y".repeat(3 << 20)
                + "\"}}",
            "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result())
        .startsWith("yyy")
        .endsWith("y [cut: 2097152 more characters]");
    assertThat(outcome.figures().usage().inputTokens()).isEqualTo(1);
    assertThat(events.entries())
        .filteredOn(entry -> entry.level() == LogLevel.WARN)
        .extracting(RecordedEvents.Entry::message)
        .containsExactly("the answer has 3145728 characters; the first MiB of them is kept");
  }
}
