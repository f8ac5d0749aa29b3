package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoProviderTest {
  @TempDir private Path workspace;
  private final RecordedEvents events = new RecordedEvents();
  private final StopSignal stop = new StopSignal();

  private Outcome run(TestJob job) throws InterruptedException {
    return new DemoProvider().run(job.attempt(workspace, events, stop, new PlainProcesses()));
  }

  private Outcome run(String prompt) throws InterruptedException {
    return run(TestJob.of("demo", prompt));
  }

  private static Outcome.Failed failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  @Test
  void aPlainPromptGivesALabelledStreamOneToolCallUsageAndAnAnswer() throws Exception {
    Outcome outcome = run("Write a haiku");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result())
        .isEqualTo("[demo] Simulated by aidp's demo provider. It was asked: Write a haiku");
    assertThat(outcome.figures().usage().inputTokens()).isPositive();
    assertThat(outcome.figures().costUsd()).isPositive();
    assertThat(events.messages(LogCategory.AGENT))
        .hasSize(4)
        .allSatisfy(message -> assertThat(message).startsWith("[demo] "));
    assertThat(events.toolCalls()).hasSize(1);
    assertThat(events.sessions()).containsExactly(outcome.figures().sessionId());
  }

  @Test
  void aKnownSessionIsContinued() throws Exception {
    Outcome outcome = run(TestJob.of("demo", "go on").withSession("s-1"));

    assertThat(outcome.figures().sessionId()).isEqualTo("s-1");
    assertThat(events.messages(LogCategory.AGENT).getFirst()).contains("continues session s-1");
  }

  @Test
  void directivesSetTheLengthAndTheAnswer() throws Exception {
    Outcome outcome =
        run("x [[demo: lines=100 tools=3]] y [[demo: answer=\"{\\\"a\\\": [[1]]}\\nend\"]]");

    assertThat(events.messages(LogCategory.AGENT)).hasSize(101);
    assertThat(events.messages(LogCategory.AGENT).getFirst()).endsWith("The task: x  y");
    assertThat(events.toolCalls()).hasSize(3);
    assertThat(outcome.figures().result()).isEqualTo("{\"a\": [[1]]}\nend");
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void failsWithTheClassThatItIsGiven(ErrorClass errorClass) throws Exception {
    Outcome.Failed failed = failed(run("[[demo: lines=0 tools=0 fail=" + errorClass.word() + "]]"));

    assertThat(failed.errorClass()).isEqualTo(errorClass);
    assertThat(failed.repeatable()).isEqualTo(errorClass == ErrorClass.TRANSIENT);
    assertThat(failed.error().toLowerCase(Locale.ROOT)).contains("simulated");
  }

  @Test
  void failsSoOftenAndThenSucceeds() throws Exception {
    TestJob job = TestJob.of("demo", "[[demo: delay=0s fail=transient times=2]]");

    assertThat(run(job.withExecution(1))).isInstanceOf(Outcome.Failed.class);
    assertThat(run(job.withExecution(2))).isInstanceOf(Outcome.Failed.class);
    assertThat(run(job.withExecution(3))).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aUsageLimitMaySayWhenItEnds() throws Exception {
    Outcome.Failed failed = failed(run("[[demo: fail=usage_limit reset=30s delay=0s]]"));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[demo: colour=red]]",
        "[[demo: delay=soon]]",
        "[[demo: lines=-1]]",
        "[[demo: lines=99999999999]]",
        "[[demo: fail=badly]]",
        "[[demo: times=2]]",
        "[[demo: fail=auth times=0]]",
        "[[demo: hang=maybe]]",
        "[[demo: reset=3s]]",
        "[[demo: lines]]",
        "[[demo: =3]]",
        "[[demo: lines=3",
        "[[demo: answer=\"never closed]]"
      })
  void aBadDirectiveIsAConfigError(String prompt) throws Exception {
    Outcome.Failed failed = failed(run(prompt));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(failed.error()).startsWith("demo: ");
  }

  @Test
  void hangsUntilItIsStopped() throws Exception {
    events.watch(entry -> {
      if (entry.message().contains("Hangs")) {
        stop.request(StopSignal.Cause.CANCELLED);
      }
    });

    assertThat(run("[[demo: hang=true]]")).isInstanceOf(Outcome.Interrupted.class);
  }

  @Test
  void aStopEndsALongStream() throws Exception {
    events.watch(_ -> stop.request(StopSignal.Cause.TIMEOUT));

    assertThat(run("[[demo: delay=9h]]")).isInstanceOf(Outcome.Interrupted.class);
    assertThat(events.messages(LogCategory.AGENT)).hasSize(1);
  }

  @Test
  void writesTheFilesThatItsStepNames() throws Exception {
    Outcome outcome =
        run(TestJob.of("demo", "Plan\nit").withOutputs("docs/threat-model.md", "docs/adrs/"));

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(workspace.resolve("docs/threat-model.md"))
        .content()
        .startsWith("# threat model\n")
        .contains(DemoFiles.LABEL, "> Plan\n> it");
    assertThat(workspace.resolve("docs/adrs/README.md")).exists();
    assertThat(events.toolCalls()).filteredOn(call -> call.tool().equals("Write")).hasSize(2);
  }

  @Test
  void replacesItsOwnFilesOnly() throws Exception {
    Path own = workspace.resolve("own.md");
    Path other = workspace.resolve("other.md");
    Files.writeString(own, "# old\n" + DemoFiles.LABEL);
    Files.writeString(other, "# somebody's work\n");

    run(TestJob.of("demo", "Plan").withOutputs("own.md", "other.md"));

    assertThat(own).content().contains("> Plan");
    assertThat(other).hasContent("# somebody's work\n");
    assertThat(events.messages(LogCategory.SYSTEM)).singleElement().asString().contains("Kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../escape.md",
        "a/../../escape.md",
        "/tmp/aidp-demo-escape.md",
        "link/escape.md",
        "dangling/escape.md",
        "filelink.md",
        ".",
        "",
        "nul\0.md"
      })
  void writesNothingOutsideTheWorkspace(String output, @TempDir Path outside) throws Exception {
    Files.createSymbolicLink(workspace.resolve("link"), outside);
    Files.createSymbolicLink(workspace.resolve("dangling"), outside.resolve("missing"));
    Files.createSymbolicLink(workspace.resolve("filelink.md"), outside.resolve("escape.md"));

    Outcome.Failed failed = failed(run(TestJob.of("demo", "Plan").withOutputs(output)));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(outside).isEmptyDirectory();
    assertThat(Path.of("/tmp/aidp-demo-escape.md")).doesNotExist();
  }

  @Test
  void followsALinkThatStaysInside() throws Exception {
    Files.createDirectory(workspace.resolve("documentation"));
    Files.createSymbolicLink(workspace.resolve("docs"), Path.of("documentation"));

    run(TestJob.of("demo", "Plan").withOutputs("docs/a/plan.md"));

    assertThat(workspace.resolve("documentation/a/plan.md")).exists();
  }
}
