package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.outcome.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of agent providers have in common: runs that were recorded, or made up.
abstract class RecordedAgentTest {
  static final String SESSION = "11111111-2222-4333-8444-555555555555";

  @TempDir Path workspace;
  final RecordedEvents events = new RecordedEvents();
  private final AgentCli cli;

  RecordedAgentTest(AgentCli cli) {
    this.cli = cli;
  }

  final ProcessRunner.Command commandWith(AgentOptions options) throws InterruptedException {
    RecordedRuns runs = recorded("text");
    run(job().withOptions(options), runs);
    return runs.commands().getFirst();
  }

  final TestJob job() {
    return TestJob.of(cli.name(), "hi");
  }

  final Outcome run(TestJob job, ProcessRunner runs) throws InterruptedException {
    return new AgentProvider(cli).run(job.attempt(workspace, events, new StopSignal(), runs));
  }

  final RecordedRuns recorded(String... cases) {
    return new RecordedRuns(cli.name(), cases);
  }

  final Outcome run(String recordedCase) throws InterruptedException {
    return run(job(), recorded(recordedCase));
  }

  /// Plays lines of stdout that nobody recorded.
  final Outcome play(int exitCode, String... lines) throws InterruptedException {
    return run(
        job(),
        (_, output) -> {
          List.of(lines).forEach(output::stdout);
          return new ProcessRunner.Exit.Code(exitCode);
        });
  }

  static Outcome.Failed failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  final void assertCompletes(String recordedCase, String answer) throws InterruptedException {
    Outcome outcome = run(recordedCase);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo(answer);
  }

  final Outcome.Failed assertFails(String recordedCase, String errorClass, String error)
      throws InterruptedException {
    Outcome.Failed failed = failed(run(recordedCase));

    assertThat(failed.errorClass().word()).isEqualTo(errorClass);
    assertThat(failed.error()).contains(error).doesNotContain("\n");
    assertThat(failed.figures().result()).isNull();
    return failed;
  }
}
