package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against streams that were written after Cursor's documentation and public reports of failures.
class CursorProviderTest extends RecordedAgentTest {
  CursorProviderTest() {
    super(new CursorCli());
  }

  @Test
  void aTextAnswerCompletesWithItsFigures() throws Exception {
    Outcome outcome = run("text");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo("Hello, the answer is 42.");
    assertThat(outcome.figures().usage()).isEqualTo(new Usage(1110, 20, 1000));
    assertThat(outcome.figures().sessionId()).isEqualTo("c6b62c6f-7ead-4fd6-9922-e952131177ff");
    assertThat(events.sessions()).hasSize(1);
    assertThat(events.entries())
        .filteredOn(entry -> "thinking".equals(entry.data().get("kind")))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.message()).isEqualTo("The user greets me.");
          assertThat(entry.level()).isEqualTo(LogLevel.DEBUG);
        });
  }

  @Test
  void theAnswerIsWhatWasSaidLast() throws Exception {
    assertCompletes("tools", "Done! The summary is in summary.txt.");
  }

  @Test
  void toolCallsArePairedWithTheirResults() throws Exception {
    run("tools");

    assertThat(events.toolCalls())
        .extracting(Events.ToolCall::tool, Events.ToolCall::status)
        .containsExactly(
            Tuple.tuple("shell", "error"),
            Tuple.tuple("read", "ok"),
            Tuple.tuple("write", "ok"),
            Tuple.tuple("delete", "error"),
            Tuple.tuple("lookup", "ok"));
    assertThat(events.toolCalls().getFirst().output()).isEqualTo("1 failed\n");
    assertThat(events.toolCalls().get(1).output()).isEqualTo("# Project\n");
    assertThat(String.valueOf(events.toolCalls().get(2).output())).contains("linesCreated");
    assertThat(String.valueOf(events.toolCalls().get(3).output())).contains("outside");
    assertThat(events.messages(LogCategory.TOOL)).contains("shell: make check").hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "nokey, auth, Authentication required",
    "badkey, auth, API key is invalid",
    "limit, usage_limit, hit your usage limit",
    "model, invalid_request, Cannot use this model",
    "unavailable, transient, [unavailable]",
    "exhausted, transient, [resource_exhausted]",
    "error, transient, [internal]",
    "bad_flag, config, unknown option",
    "trust, config, Workspace Trust Required",
    "killed, transient, no result",
  })
  void fails(String recordedCase, String errorClass, String error) throws Exception {
    assertThat(assertFails(recordedCase, errorClass, error).repeatable()).isTrue();
  }

  @Test
  void aToolThatWasCutOffIsClosed() throws Exception {
    run("killed");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.status()).isEqualTo("error"));
  }

  @Test
  void anExitWithoutAResultIsNoSuccess() throws Exception {
    assertThat(failed(play(0)).errorClass().word()).isEqualTo("transient");
  }

  @Test
  void anUnknownSessionIsBegunAnew() throws Exception {
    RecordedRuns runs = recorded("resume_unknown", "text");

    Outcome outcome = run(job().withSession(SESSION), runs);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(runs.commands().getFirst().argv()).containsSequence("--resume", SESSION);
    assertThat(runs.commands().getLast().argv()).doesNotContain("--resume");
    assertThat(runs.commands().getLast().argv().getLast())
        .contains("cannot be continued")
        .endsWith("\n\nhi");
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() throws Exception {
    Outcome outcome =
        play(
            0,
            "not json",
            "{\"type\":7}",
            "{\"type\":\"novelty\"}",
            "{\"type\":\"system\"}",
            "{\"type\":\"assistant\"}",
            "{\"type\":\"assistant\",\"message\":{\"content\":\"plain\"}}",
            "{\"type\":\"tool_call\"}",
            "{\"type\":\"tool_call\",\"subtype\":\"completed\",\"tool_call\":[]}",
            "{\"type\":\"result\",\"result\":\"fine\"}");

    assertThat(outcome.figures().result()).isEqualTo("fine");
  }

  @Test
  void whatIsTriedAgainIsSaid() throws Exception {
    play(
        0,
        "{\"type\":\"connection\",\"subtype\":\"reconnecting\",\"attempt\":2}",
        "{\"type\":\"retry\",\"subtype\":\"resuming\"}",
        "{\"type\":\"interaction_query\",\"subtype\":\"request\",\"query_type\":\"x\"}",
        "{\"type\":\"result\",\"result\":\"fine\"}");

    assertThat(events.entries())
        .filteredOn(entry -> entry.level() == LogLevel.WARN)
        .extracting(RecordedEvents.Entry::message)
        .containsExactly("cursor: connection reconnecting, attempt 2", "cursor: retry resuming");
  }

  @ParameterizedTest
  @CsvSource({
    "success, ok",
    "startSuccess, ok",
    "stillRunning, ok",
    "rejected, error",
    "failure, error",
    "permissionDenied, error",
  })
  void aToolEndsAsItsResultSays(String how, String status) throws Exception {
    play(
        0,
        "{\"type\":\"tool_call\",\"subtype\":\"started\",\"call_id\":\"a\\nb\",\"tool_call\":{\"shellToolCall\":{\"args\":{\"command\":\"ls\"}}}}",
        "{\"type\":\"tool_call\",\"subtype\":\"completed\",\"call_id\":\"a\\nb\",\"tool_call\":{\"shellToolCall\":{\"args\":{\"command\":\"ls\"},\"result\":{\"%s\":{\"exitCode\":0},\"isBackground\":false}}}}"
            .formatted(how));

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.status()).isEqualTo(status));
  }

  @Test
  void callsWithoutAnIdOfTheirEventAreKeptApart() throws Exception {
    play(
        0,
        "{\"type\":\"tool_call\",\"subtype\":\"started\",\"tool_call\":{\"readToolCall\":{\"args\":{\"path\":\"a\",\"toolCallId\":\"1\"}}}}",
        "{\"type\":\"tool_call\",\"subtype\":\"started\",\"tool_call\":{\"readToolCall\":{\"args\":{\"path\":\"b\",\"toolCallId\":\"2\"}}}}");

    assertThat(events.toolCalls()).extracting(Events.ToolCall::callId).containsExactly("1", "2");
  }

  @Test
  void anErrorIsOneByItsSubtypeToo() throws Exception {
    Outcome.Failed failed =
        failed(
            play(
                0,
                "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\",\"model\":\"Auto\"}",
                "{\"type\":\"result\",\"subtype\":\"error\",\"result\":\"[unavailable] Error\"}"));

    assertThat(failed.errorClass().word()).isEqualTo("transient");
    assertThat(failed.error()).isEqualTo("[unavailable] Error");
  }

  @Test
  void aLimitEndsWhenTheLinesBelowItSay() throws Exception {
    assertThat(
            assertFails("limit_cycle", "usage_limit", "You've hit your usage limit").retryAfter())
        .isGreaterThan(Duration.ofDays(365));
  }

  @Test
  void theCommandSaysWhatTheJobSays() throws Exception {
    RecordedRuns runs = recorded("text", "text", "text");
    run(job().withModel("sonnet-4.5"), runs);
    run(job().withPermissions(Permissions.READ), runs);
    run(TestJob.of("cursor", "--help me").withPermissions(Permissions.ALL), runs);

    ProcessRunner.Command edit = runs.commands().getFirst();
    assertThat(edit.argv())
        .containsSequence("-p", "--output-format", "stream-json", "--trust", "--force")
        .containsSequence("--model", "sonnet-4.5")
        .endsWith("hi");
    assertThat(edit.stdin()).isEmpty();
    assertThat(runs.commands().get(1).argv()).doesNotContain("--force");
    assertThat(runs.commands().get(2).argv()).contains("--force").endsWith(" --help me");
  }

  @Test
  void aPromptThatIsTooLongForAnArgumentIsReadFromAFile() throws Exception {
    String prompt = "ä".repeat(100_000);
    List<String> read = new ArrayList<>();
    Path[] file = new Path[1];
    run(
        TestJob.of("cursor", prompt),
        (command, _) -> {
          String said = command.argv().getLast();
          file[0] = Path.of(said.substring(said.indexOf('/'), said.indexOf(".md") + 3));
          read.add(readString(file[0]));
          return new ProcessRunner.Exit.Code(0);
        });

    assertThat(read).containsExactly(prompt);
    assertThat(file[0]).doesNotExist();
  }

  private static String readString(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void optionsOfTheJobFollow() throws Exception {
    assertThat(commandWith(new AgentOptions(List.of(), 7, List.of("--extra", "a b"))).argv())
        .endsWith("--extra", "a b", "hi");
  }
}
