package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellProviderTest {
  @TempDir private Path workspace;
  private final RecordedEvents events = new RecordedEvents();

  private Outcome run(TestJob job) throws InterruptedException {
    return new ShellProvider()
        .run(job.attempt(workspace, events, new StopSignal(), new PlainProcesses()));
  }

  @Test
  void aPromptIsACommandLineOfBash() throws Exception {
    Outcome outcome = run(TestJob.of("shell", "echo one; echo two >&2; pwd"));

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().exitCode()).isZero();
    assertThat(outcome.figures().result()).isEqualTo("one\n" + workspace.toRealPath() + "\n");
    assertThat(events.entries())
        .contains(
            new RecordedEvents.Entry(
                LogLevel.INFO, LogCategory.NODE, "one", Map.of("stream", "stdout")),
            new RecordedEvents.Entry(
                LogLevel.WARN, LogCategory.NODE, "two", Map.of("stream", "stderr")));
  }

  @Test
  void argvIsKeptAsGiven() throws Exception {
    Outcome outcome =
        run(TestJob.of("shell", "for display").withArgv("printf", "%s|", "a b", "$HOME", "*", ""));

    assertThat(outcome.figures().result()).startsWith("a b|$HOME|*||");
  }

  @Test
  void aCommandLineMayBeginWithADash() throws Exception {
    Outcome outcome = run(TestJob.of("shell", "-x 2>/dev/null || echo fine"));

    assertThat(outcome.figures().result()).isEqualTo("fine\n");
  }

  @Test
  void aFailingPartOfAPipeFailsTheCommand() throws Exception {
    Outcome outcome = run(TestJob.of("shell", "false | cat"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.errorClass()).isEqualTo(ErrorClass.COMMAND_FAILED);
              assertThat(failed.error()).isEqualTo("exit 1");
              assertThat(failed.figures().exitCode()).isEqualTo(1);
            });
  }

  @Test
  void theLastStderrLineSaysWhyItFailed() throws Exception {
    Outcome outcome =
        run(
            TestJob.of(
                "shell", "echo first >&2; printf '\\033[31mno\\tsuch thing\\n\\n' >&2; exit 7"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.error()).isEqualTo("exit 7: ␛[31mno such thing"));
  }

  @Test
  void aCommandThatCannotStartIsAConfigError() throws Exception {
    Outcome outcome = run(TestJob.of("shell", "x").withArgv("/nonexistent/command"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONFIG));
  }

  @Test
  void theResultIsTheLastMebibyteAndBeginsWithAWholeCodePoint() {
    OutputTail tail = new OutputTail();
    String line = "€𝄞".repeat(1000);
    for (int i = 0; i < 1000; i++) {
      tail.line(line);
    }

    byte[] kept = tail.text().getBytes(StandardCharsets.UTF_8);
    assertThat(kept.length).isBetween(OutputTail.LIMIT_BYTES - 3, OutputTail.LIMIT_BYTES);
    assertThat(tail.text()).endsWith(line + "\n").doesNotContain("\uFFFD");
    assertThat(Character.isLowSurrogate(tail.text().charAt(0))).isFalse();
  }

  @Test
  void anUnterminatedLastLineStaysUnterminated() {
    OutputTail tail = new OutputTail();
    tail.line("one");
    tail.line("two");
    tail.endsInsideLine();

    assertThat(tail.text()).isEqualTo("one\ntwo");
  }
}
