package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextProviderTest {
  @TempDir private Path workspace;
  private final RecordedEvents events = new RecordedEvents();
  private final Provider mine = Providers.all().byName("text:my-agent").orElseThrow();

  private Outcome run(String script, String prompt) throws Exception {
    Path program = workspace.resolve("program");
    Files.writeString(program, "#!/bin/bash\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("AIDP_MY_AGENT_CMD", program + " first");
    return mine.run(
        TestJob.of("text:my-agent", prompt)
            .withOptions(new AgentOptions(List.of(), null, List.of("last one")))
            .attempt(workspace, events, new StopSignal(), new PlainProcesses(), environment));
  }

  @Test
  void whatItPrintsIsTheAnswer() throws Exception {
    String prompt = "word ".repeat(40_000);
    Outcome outcome =
        run("echo noise >&2; printf '%s|' \"$@\"; echo; wc -c; printf 'no line feed'", prompt);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo("first|last one|\n200000\nno line feed");
    assertThat(outcome.figures().sessionId()).isNull();
    assertThat(events.messages(LogCategory.AGENT))
        .containsExactly("first|last one|", "200000", "no line feed");
  }

  @Test
  void itsExitCodeTellsHowItWent() throws Exception {
    Outcome.Failed failed = (Outcome.Failed) run("echo half; echo broken >&2; exit 3", "hi");

    assertThat(failed.errorClass().word()).isEqualTo("unknown");
    assertThat(failed.error()).isEqualTo("my-agent ended with exit 3: broken");
    assertThat(failed.figures().exitCode()).isEqualTo(3);
    assertThat(failed.figures().result()).isNull();
    assertThat(failed.repeatable()).isFalse();
  }

  @Test
  void anEmptyAnswerIsNone() throws Exception {
    assertThat(((Outcome.Failed) run("echo; exit 0", "hi")).error())
        .isEqualTo("my-agent gave an empty answer");
  }

  @Test
  void aCommandThatIsNotKnownHereIsAConfigError() throws Exception {
    Outcome.Failed failed =
        (Outcome.Failed)
            mine.run(
                TestJob.of("text:my-agent", "hi")
                    .attempt(workspace, events, new StopSignal(), new PlainProcesses(), Map.of()));

    assertThat(failed.errorClass().word()).isEqualTo("config");
    assertThat(failed.error()).contains("my-agent", "AIDP_MY_AGENT_CMD", "aidp.yml");
  }
}
