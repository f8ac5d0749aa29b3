package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against streams that were recorded from Gemini CLI 0.61.0.
class GeminiProviderTest extends RecordedAgentTest {
  GeminiProviderTest() {
    super(new GeminiCli());
  }

  @Test
  void aTextAnswerCompletesWithItsFigures() throws Exception {
    Outcome outcome = run("text");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result())
        .isEqualTo("Hello from the fake model. The answer is 42.");
    assertThat(outcome.figures().usage()).isEqualTo(new Usage(1100, 20, 1000));
    assertThat(outcome.figures().costUsd()).isNull();
    assertThat(outcome.figures().sessionId()).isEqualTo("65c062c0-573c-4c6e-8c10-a9f0c2e5bf31");
  }

  @Test
  void thePartsOfAMessageAreOneEntry() throws Exception {
    run("text");

    assertThat(events.entries())
        .filteredOn(entry -> entry.category() == LogCategory.AGENT)
        .filteredOn(entry -> entry.level() == LogLevel.INFO)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.message()).isEqualTo("Hello from the fake model. The answer is 42.");
          assertThat(String.valueOf(entry.data().get("raw")).lines()).hasSize(4);
        });
    assertThat(events.progressTexts()).contains("Hello from t").hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "tool_fail, The command failed with exit code 3.",
    "multi_tool, All three steps are done.",
    "rate429_once, Recovered after one 429.",
    "session_id_given, Hello from the fake model. The answer is 42.",
    "text_defaultmodel, Hello from the fake model. The answer is 42.",
    "tool_write_denied, I wrote written.txt.",
  })
  void completes(String recordedCase, String answer) throws Exception {
    assertCompletes(recordedCase, answer);
  }

  @ParameterizedTest
  @CsvSource({
    "auth401, auth, API key not valid",
    "perm403, auth, may not use this model",
    "nokey, auth, GEMINI_API_KEY",
    "badreq400, invalid_request, 400",
    "notfound404, invalid_request, no-such-model",
    "prompt_too_long, invalid_request, prompt is too long",
    "overloaded_forever, transient, overloaded",
    "overloaded_bounded, transient, overloaded",
    "err500_forever, transient, Internal server error (500)",
    "cut_forever, transient, terminated",
    "cut_once, transient, terminated",
    "eof_forever, transient, without a finish reason",
    "sse_error, transient, without a finish reason",
    "noserver_bounded, transient, fetch failed",
    "html200, transient, Incomplete JSON",
    "malformed_forever, transient, Unterminated string",
    "rate429_forever, transient, per-minute",
    "rate429_bounded, transient, per-minute",
    "rate429_noheader, transient, Rate limited",
    "rate429_long, usage_limit, Usage limit reached",
    "quota, usage_limit, daily quota",
    "empty, unknown, empty response",
    "refusal, refused, safety",
    "bad_flag, config, Unknown arguments",
    "sigterm_stream_norelaunch, transient, gave no result",
    "sigterm_tool_norelaunch, transient, gave no result",
  })
  void fails(String recordedCase, String errorClass, String error) throws Exception {
    assertThat(assertFails(recordedCase, errorClass, error).repeatable()).isTrue();
  }

  @Test
  void theApiSaysHowLongToWait() throws Exception {
    assertThat(failed(run("rate429_long")).retryAfter()).isEqualTo(Duration.ofHours(2));
    assertThat(failed(run("rate429_forever")).retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(failed(run("quota")).retryAfter()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"44, config", "52, config", "53, max_turns", "54, unknown", "55, config"})
  void itsOwnExitCodesHaveTheirMeaning(int exitCode, String errorClass) throws Exception {
    Outcome.Failed failed =
        failed(
            run(
                job(),
                (_, output) -> {
                  output.stderr("it says why");
                  return new ProcessRunner.Exit.Code(exitCode);
                }));

    assertThat(failed.errorClass().word()).isEqualTo(errorClass);
    assertThat(failed.error()).isEqualTo("it says why");
  }

  @Test
  void toolCallsArePairedWithTheirResults() throws Exception {
    run("multi_tool");

    assertThat(events.toolCalls())
        .extracting(Events.ToolCall::tool, Events.ToolCall::status)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("run_shell_command", "ok"),
            org.assertj.core.groups.Tuple.tuple("write_file", "ok"),
            org.assertj.core.groups.Tuple.tuple("run_shell_command", "ok"));
    assertThat(events.toolCalls().getLast().output()).isEqualTo("# notes");
    assertThat(String.valueOf(events.toolCalls().getLast().input())).contains("cat notes.md");
    assertThat(events.messages(LogCategory.TOOL)).hasSize(3);
  }

  @Test
  void aRefusedToolIsAnError() throws Exception {
    run("tool_write_denied");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.status()).isEqualTo("error");
          assertThat(call.output()).asString().contains("not found");
        });
  }

  @Test
  void aToolThatWasCutOffIsClosed() throws Exception {
    run("sigterm_tool_norelaunch");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.status()).isEqualTo("error"));
  }

  @Test
  void anUnknownSessionIsBegunAnew() throws Exception {
    RecordedRuns runs = recorded("resume_unknown", "text");

    Outcome outcome = run(job().withSession(SESSION), runs);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(runs.commands().getFirst().argv()).containsSequence("--resume", SESSION);
    assertThat(runs.commands().getLast().argv())
        .contains("--session-id")
        .doesNotContain("--resume", SESSION);
    assertThat(events.messages(LogCategory.SYSTEM))
        .contains("gemini does not know the session " + SESSION + " here; a new one is begun");
  }

  @Test
  void aPromptThatBreaksItsOutputIsTooLong() throws Exception {
    ProcessRunner cut =
        (_, output) -> {
          output.stdout("{\"type\":\"init\",\"session_id\":\"s\"}");
          output.stdout("{\"type\":\"message\",\"role\":\"user\",\"content\":\"The quick bro");
          return new ProcessRunner.Exit.Code(0);
        };

    assertThat(failed(run(TestJob.of("gemini", "x".repeat(600_000)), cut)).errorClass().word())
        .isEqualTo("invalid_request");
    assertThat(failed(run(TestJob.of("gemini", "x".repeat(200_000)), cut)).errorClass().word())
        .isEqualTo("transient");
  }

  @Test
  void thinkingIsPaidAsOutput() throws Exception {
    Outcome outcome =
        play(
            0,
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"x\",\"delta\":true}",
            "{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"input_tokens\":10,"
                + "\"output_tokens\":2,\"total_tokens\":19,\"cached\":4}}");

    assertThat(outcome.figures().usage()).isEqualTo(new Usage(10, 9, 4));
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() throws Exception {
    Outcome outcome =
        play(
            0,
            "not json",
            "{}",
            "{\"type\":7}",
            "{\"type\":\"novelty\"}",
            "{\"type\":\"message\"}",
            "{\"type\":\"tool_result\",\"tool_id\":\"nobody\"}",
            "{\"type\":\"error\",\"severity\":\"warning\",\"message\":\"careful\"}",
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"fi\",\"delta\":true}",
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"ne\",\"delta\":true}",
            "{\"status\":\"success\",\"type\":\"result\"}");

    assertThat(outcome.figures().result()).isEqualTo("fine");
    assertThat(events.entries())
        .filteredOn(entry -> entry.level() == LogLevel.WARN)
        .extracting(RecordedEvents.Entry::message)
        .containsExactly("careful");
  }

  @Test
  void theCommandSaysWhatTheJobSays() throws Exception {
    RecordedRuns runs = recorded("text", "text", "text");
    run(job().withModel("gemini-2.5-flash"), runs);
    run(job().withPermissions(Permissions.READ), runs);
    run(job().withPermissions(Permissions.ALL), runs);

    ProcessRunner.Command edit = runs.commands().getFirst();
    assertThat(edit.argv())
        .containsSequence("--output-format", "stream-json")
        .containsSequence("--model", "gemini-2.5-flash")
        .containsSequence("--approval-mode", "auto_edit")
        .containsSequence("--session-id", events.sessions().getFirst());
    assertThat(edit.stdin()).isEqualTo("hi");
    assertThat(edit.environment())
        .containsAllEntriesOf(
            Map.of("GEMINI_CLI_NO_RELAUNCH", "true", "GEMINI_CLI_TRUST_WORKSPACE", "true"));
    assertThat(runs.commands().get(1).argv()).containsSequence("--approval-mode", "default");
    assertThat(runs.commands().get(2).argv()).containsSequence("--approval-mode", "yolo");
  }

  @Test
  void optionsOfTheJobFollow() throws Exception {
    assertThat(
            commandWith(
                    new AgentOptions(
                        List.of("run_shell_command(git)", "glob"), 7, List.of("--extra", "a b")))
                .argv())
        .containsSequence("--allowed-tools", "run_shell_command(git),glob")
        .endsWith("--extra", "a b")
        .doesNotContain("7");
  }

  @Test
  void aModelIsStoppedAfterItsTurns() throws Exception {
    String[] stopped = new String[1];
    Outcome.Failed failed =
        failed(
            run(
                job().withOptions(new AgentOptions(List.of(), 3, List.of())),
                (_, output) -> {
                  output.started(grace -> stopped[0] = grace.toString());
                  for (int i = 1; i <= 4; i++) {
                    output.stdout(
                        "{\"type\":\"tool_use\",\"tool_name\":\"t\",\"tool_id\":\"%d\"}"
                            .formatted(i));
                    assertThat(stopped[0]).isEqualTo(i < 4 ? null : "PT0S");
                    output.stdout("{\"type\":\"tool_result\",\"tool_id\":\"%d\"}".formatted(i));
                  }
                  return new ProcessRunner.Exit.Code(143);
                }));

    assertThat(failed.errorClass().word()).isEqualTo("max_turns");
    assertThat(failed.error()).isEqualTo("it was stopped after 3 turns");
  }

  @Test
  void asManyTurnsAsAllowedAreWell() throws Exception {
    RecordedRuns runs = recorded("multi_tool");

    assertThat(run(job().withOptions(new AgentOptions(List.of(), 4, List.of())), runs))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void itIsNotLeftToWaitForHours() throws Exception {
    String[] stopped = new String[1];
    Outcome.Failed failed =
        failed(
            run(
                job(),
                (_, output) -> {
                  output.started(grace -> stopped[0] = grace.toString());
                  output.stdout("{\"type\":\"init\",\"session_id\":\"s\"}");
                  output.stderr("Attempt 1 failed: Slow down.. Retrying after 5512ms...");
                  assertThat(stopped[0]).isNull();
                  output.stderr(
                      "Attempt 2 failed: You have exhausted your capacity on this model.. Retrying"
                          + " after 3600053ms...");
                  return new ProcessRunner.Exit.Code(0);
                }));

    assertThat(stopped[0]).isEqualTo("PT0S");
    assertThat(failed.errorClass().word()).isEqualTo("usage_limit");
    assertThat(failed.error()).isEqualTo("You have exhausted your capacity on this model");
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofMillis(3_600_053));
    assertThat(events.messages(LogCategory.SYSTEM))
        .contains("Attempt 1 failed: Slow down.. Retrying after 5512ms...");
  }
}
