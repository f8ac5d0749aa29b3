package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Outcome;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against streams that were recorded from Claude Code 2.1.197.
class ClaudeProviderTest {
  private static final String SESSION = "11111111-2222-4333-8444-555555555555";

  @TempDir private Path workspace;
  private final RecordedEvents events = new RecordedEvents();
  private final AgentProvider claude = new AgentProvider(new ClaudeCli());

  private Outcome run(TestJob job, ProcessRunner runs) throws InterruptedException {
    return claude.run(job.attempt(workspace, events, new StopSignal(), runs));
  }

  private Outcome run(String recordedCase) throws InterruptedException {
    return run(TestJob.of("claude", "hi"), new RecordedRuns("claude", recordedCase));
  }

  private static Outcome.Failed failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  @Test
  void aTextAnswerCompletesWithItsFigures() throws Exception {
    Outcome outcome = run("text");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result())
        .isEqualTo("Hello from the fake model. The answer is 42.");
    assertThat(outcome.figures().usage()).isEqualTo(new Usage(1110, 20, 1000));
    assertThat(outcome.figures().costUsd()).isEqualByComparingTo("0.001563");
    assertThat(outcome.figures().costEstimated()).isFalse();
    assertThat(outcome.figures().sessionId()).isEqualTo("df9be21c-faa6-4369-aebf-e3bb6a695e07");
    assertThat(events.entries())
        .filteredOn(entry -> entry.category() == LogCategory.AGENT)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.level()).isEqualTo(LogLevel.INFO);
          assertThat(entry.data().get("raw")).asString().startsWith("{\"type\":\"assistant\"");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "text, Hello from the fake model. The answer is 42.",
    "tool_fail, The command failed with exit code 3.",
    "rate429_once, Recovered after one 429.",
    "text_partial, Hello from the fake model. The answer is 42.",
    "tool_bash_denied, Done: the tool printed hello-from-tool.",
  })
  void completes(String recordedCase, String answer) throws Exception {
    Outcome outcome = run(recordedCase);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "auth401, auth, Invalid API key",
    "perm403, auth, 403",
    "nokey, auth, Not logged in",
    "badreq400, invalid_request, 400",
    "notfound404, invalid_request, issue with the selected model",
    "prompt_too_long, invalid_request, Prompt is too long",
    "overloaded_forever, transient, 529",
    "overloaded_bounded, transient, 529",
    "sse_error, transient, 529",
    "err500_forever, transient, 500",
    "cut_forever, transient, ECONNRESET",
    "cut_bounded, transient, ECONNRESET",
    "noserver_bounded, transient, ConnectionRefused",
    "html200, transient, malformed",
    "malformed_forever, transient, Failed to parse JSON",
    "rate429_forever, transient, per-minute",
    "rate429_bounded, transient, per-minute",
    "rate429_long, usage_limit, Usage limit reached",
    "quota, usage_limit, quota",
    "empty, unknown, empty answer",
    "refusal, refused, Usage Policy",
    "loop_max_turns, max_turns, Reached maximum number of turns (3)",
    "max_tokens, max_turns, output token maximum",
    "tool_bash_root_refused, config, cannot be used with root",
    "bad_flag, config, unknown option",
    "sigterm_stream, transient, no result",
    "sigterm_tool, transient, no result",
  })
  void fails(String recordedCase, String errorClass, String error) throws Exception {
    Outcome.Failed failed = failed(run(recordedCase));

    assertThat(failed.errorClass().word()).isEqualTo(errorClass);
    assertThat(failed.error()).contains(error).doesNotContain("\n");
    assertThat(failed.repeatable()).isTrue();
    assertThat(failed.figures().result()).isNull();
  }

  @Test
  void toolCallsArePairedWithTheirResults() throws Exception {
    run("multi_tool");

    assertThat(events.toolCalls())
        .extracting(Events.ToolCall::tool, Events.ToolCall::status)
        .hasSize(3)
        .allSatisfy(call -> assertThat(call.toList().get(1)).isEqualTo("ok"));
    assertThat(events.toolCalls()).allSatisfy(call -> assertThat(call.output()).isNotNull());
    // The engine counts open calls: one entry of this category for each.
    assertThat(events.messages(LogCategory.TOOL)).hasSize(3);
  }

  @Test
  void aToolCallIsSeenWhenItBegins() throws Exception {
    run("tool_bash");

    String summary = "Bash: echo hello-from-tool > tool-out.txt && cat tool-out.txt";
    assertThat(events.messages(LogCategory.TOOL)).containsExactly(summary);
    assertThat(events.progressTexts()).startsWith(summary);
    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.output()).isEqualTo("hello-from-tool"));
  }

  @Test
  void aFailedToolIsAnError() throws Exception {
    run("tool_fail");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.status()).isEqualTo("error");
          assertThat(call.output()).isEqualTo("Exit code 3\noops");
        });
  }

  @Test
  void aToolThatWasCutOffIsClosed() throws Exception {
    run("sigterm_tool");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.status()).isEqualTo("error"));
  }

  @Test
  void aBigToolOutputIsKeptWhileItsRawLineIsCut() throws Exception {
    Outcome outcome = run("tool_bigout");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(String.valueOf(events.toolCalls().getFirst().output()).length())
        .isGreaterThan(2_000);
    assertThat(events.entries())
        .allSatisfy(entry ->
            assertThat(String.valueOf(entry.data().get("raw")).length()).isLessThan(17_000));
  }

  @Test
  void otherLineSeparatorsStayInsideALine() throws Exception {
    Outcome outcome = run("unicode_ls");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).contains("\u2028").contains("\u0085");
  }

  @Test
  void retriesOfTheCliAreWarnings() throws Exception {
    run("rate429_once");

    assertThat(events.entries())
        .filteredOn(entry -> entry.level() == LogLevel.WARN)
        .extracting(RecordedEvents.Entry::message)
        .containsExactly("API retry 1 of 10 in 1.0 s: 429 rate_limit");
  }

  @Test
  void anUnknownSessionIsBegunAnew() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude", "resume_unknown", "text");

    Outcome outcome = run(TestJob.of("claude", "hi").withSession(SESSION), runs);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(runs.commands().getFirst().argv()).containsSequence("--resume", SESSION);
    assertThat(runs.commands().getFirst().stdin()).contains("interrupted").endsWith("\n\nhi");
    assertThat(runs.commands().getLast().argv())
        .contains("--session-id")
        .doesNotContain("--resume", SESSION);
    assertThat(runs.commands().getLast().stdin())
        .contains("cannot be continued")
        .endsWith("\n\nhi");
    assertThat(events.messages(LogCategory.SYSTEM))
        .contains("claude does not know the session " + SESSION + " here; a new one is begun");
    assertThat(events.sessions()).startsWith(SESSION).hasSize(3);
  }

  @Test
  void anAgentThatGoesOnIsToldWhatHappened() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude", "resume_unknown", "text");

    run(TestJob.of("claude", "Mend the build").withSession(SESSION), runs);

    assertThat(runs.commands().getFirst().stdin())
        .isEqualTo(
            """
            [aidp] This session was interrupted at 2026-11-21T11:00:00.000Z: worker 7 was lost.
            It was running then: Bash: npm test
            It is not known whether that had its effect.
            Look at what is there, then go on with the task; do not repeat what is done already. The task was:

            Mend the build\
            """);
    assertThat(runs.commands().getLast().stdin())
        .isEqualTo(
            """
            [aidp] An earlier session worked on this task and cannot be continued. It ended at 2026-11-21T11:00:00.000Z: worker 7 was lost.
            It was running then: Bash: npm test
            It is not known whether that had its effect.
            The last that it said: Let me see.
            Look at what is there, then go on with the task; do not repeat what is done already. The task is:

            Mend the build\
            """);
  }

  @Test
  void aResumedSessionPaysOnlyForItself() throws Exception {
    ClaudeUsage usage = new ClaudeUsage();
    var result =
        tools.jackson.databind.json.JsonMapper.shared()
            .readTree(
                """
                {"total_cost_usd": 0.30, "usage": {"input_tokens": 100, "output_tokens": 20},
                 "modelUsage": {"m": {"inputTokens": 300, "outputTokens": 60}}}
                """);

    usage.result(result, true);
    assertThat(usage.figures(0, null, null).costUsd()).isEqualByComparingTo(new BigDecimal("0.1"));
    assertThat(usage.figures(0, null, null).costEstimated()).isTrue();
    usage.result(result, false);
    assertThat(usage.figures(0, null, null).costUsd()).isEqualByComparingTo(new BigDecimal("0.3"));
    assertThat(run("resume.2").figures().costEstimated()).isFalse();
  }

  @Test
  void theCommandSaysWhatTheJobSays() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude", "text", "text", "text");
    TestJob job = TestJob.of("claude", "line one\n-p two").withModel("opus");
    run(job, runs);
    run(job.withPermissions(Permissions.READ), runs);
    run(job.withPermissions(Permissions.ALL), runs);

    ProcessRunner.Command edit = runs.commands().get(0);
    assertThat(edit.argv())
        .containsSequence("-p", "--output-format", "stream-json", "--verbose")
        .containsSequence("--model", "opus")
        .containsSequence("--permission-mode", "acceptEdits")
        .doesNotContain(job.prompt());
    assertThat(edit.argv().getFirst()).endsWith("claude");
    assertThat(edit.stdin()).isEqualTo(job.prompt());
    assertThat(edit.maxLineBytes()).isEqualTo(64 << 20);
    assertThat(edit.argv()).containsSequence("--session-id", events.sessions().getFirst());
    assertThat(runs.commands().get(1).argv())
        .containsSequence("--permission-mode", "default", "--allowedTools");
    assertThat(runs.commands().get(2).argv())
        .containsSequence("--permission-mode", "bypassPermissions");
  }

  @Test
  void theEnvironmentIsTheJobsWithoutTheDatabase() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude", "text");
    Map<String, String> environment =
        Map.of(
            "PATH", "/bin",
            "ANTHROPIC_API_KEY", "k",
            "AIDP_DATABASE_URL", "secret",
            "AIDP_DB_PASSWORD", "secret",
            "AIDP_DBX", "kept",
            "CLAUDECODE", "1");

    claude.run(
        TestJob.of("claude", "hi").attempt(workspace, events, new StopSignal(), runs, environment));

    assertThat(runs.commands().getFirst().environment())
        .isEqualTo(
            Map.of(
                "PATH", "/bin",
                "ANTHROPIC_API_KEY", "k",
                "AIDP_DBX", "kept",
                "DISABLE_AUTOUPDATER", "1",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"));
  }

  @Test
  void aModelThatWouldBeAFlagIsRefused() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude");

    Outcome.Failed failed =
        failed(run(TestJob.of("claude", "hi").withModel("--dangerously-skip-permissions"), runs));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.INVALID_REQUEST);
    assertThat(runs.commands()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":%d,\"rateLimitType\":\"five_hour\"},"
            + "\"type\":\"rate_limit_event\"}",
        "{\"type\":\"rate_limit_event\",\"status\":\"rejected\",\"resetsAt\":%d}"
      })
  void aRejectedUsageLimitSaysWhenItEnds(String event) throws Exception {
    long resetsAt = Instant.now().plusSeconds(3600).getEpochSecond();

    Outcome.Failed failed =
        failed(
            play(
                1,
                event.formatted(resetsAt),
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,"
                    + "\"api_error_status\":429,\"result\":\"Request rejected\"}"));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(failed.retryAfter()).isBetween(Duration.ofMinutes(58), Duration.ofMinutes(60));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "You've hit your session limit · resets 8pm (America/New_York); 2026-11-22T01:00:00Z",
        "You've hit your session limit · resets 3:30am (Europe/Berlin); 2026-11-22T02:30:00Z",
        "Claude AI usage limit reached|1795305600; 2026-11-22T00:00:00Z",
      })
  void limitTextsSayWhenTheyEnd(String text, Instant resetsAt) {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");

    ClaudeFailure failure =
        ClaudeFailure.of(
            new ClaudeFailure.Signs("success", "", 429, "rate_limit", false, false, null, text),
            now);

    assertThat(failure.errorClass()).isEqualTo(ErrorClass.USAGE_LIMIT);
    assertThat(failure.retryAfter()).isEqualTo(Duration.between(now, resetsAt));
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() throws Exception {
    Outcome outcome =
        play(
            0,
            "not json",
            "[1,2]",
            "{",
            "{}",
            "{\"type\":7}",
            "{\"type\":\"novelty\",\"session_id\":{}}",
            "{\"type\":\"assistant\"}",
            "{\"type\":\"assistant\",\"message\":{\"content\":\"plain\"}}",
            "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},7,null]}}",
            "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"nobody\"}]}}",
            "{\"type\":\"rate_limit_event\",\"status\":\"allowed_warning\"}",
            "{\"session_id\":\"s\",\"result\":\"fine\",\"is_error\":false,\"subtype\":\"success\",\"type\":\"result\"}");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo("fine");
    assertThat(events.entries())
        .anySatisfy(entry -> {
          assertThat(entry.message()).isEqualTo("hm");
          assertThat(entry.level()).isEqualTo(LogLevel.DEBUG);
          assertThat(entry.category()).isEqualTo(LogCategory.AGENT);
        });
  }

  @Test
  void aResultStandsWhenItsProcessHadToBeEnded() throws Exception {
    String[] asked = new String[1];
    Outcome outcome =
        claude.run(
            TestJob.of("claude", "hi")
                .attempt(
                    workspace,
                    events,
                    new StopSignal(),
                    (_, output) -> {
                      // The lines may be faster than the news of the start.
                      output.stdout(
                          "{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"done\"}");
                      output.started(grace -> asked[0] = grace.toString());
                      return new ProcessRunner.Exit.Code(143);
                    }));

    assertThat(asked[0]).isEqualTo("PT20S");
    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aResultDoesNotStandAgainstAnExitCode() throws Exception {
    Outcome.Failed failed =
        failed(play(3, "{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"done\"}"));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.UNKNOWN);
    assertThat(failed.error()).contains("exit 3");
  }

  @Test
  void anExitWithoutAResultIsNoSuccess() throws Exception {
    assertThat(failed(play(0)).errorClass()).isEqualTo(ErrorClass.TRANSIENT);
  }

  @Test
  void aMissingProgramIsAConfigErrorThatSaysHowToGetIt() throws Exception {
    Outcome.Failed failed =
        failed(
            claude.run(
                TestJob.of("claude", "hi")
                    .attempt(
                        workspace,
                        events,
                        new StopSignal(),
                        (_, _) -> new ProcessRunner.Exit.NotStarted("no such program"))));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(failed.error()).contains("no such program", "npm install");
  }

  private Outcome play(int exitCode, String... lines) throws InterruptedException {
    return claude.run(
        TestJob.of("claude", "hi")
            .attempt(
                workspace,
                events,
                new StopSignal(),
                (_, output) -> {
                  List.of(lines).forEach(output::stdout);
                  return new ProcessRunner.Exit.Code(exitCode);
                }));
  }

  @Test
  void aRealProcessIsRunByTheCommandOfTheEnvironment() throws Exception {
    Path script = Files.createDirectory(workspace.resolve("my tools")).resolve("agent");
    Files.writeString(
        script,
        """
        #!/bin/bash
        printf '%s\\n' "$@" > argv
        cat > stdin
        printf '%s\\n' '{"type":"system","subtype":"init","session_id":"s-1"}'
        echo noise >&2
        printf '{"type":"result","subtype":"success","is_error":false,"result":"%s"}\\n' "$PWD"
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("AIDP_CLAUDE_CMD", "'" + script + "' --first \"second word\"");

    Outcome outcome =
        claude.run(
            TestJob.of("claude", "do $(this) 'now'")
                .attempt(workspace, events, new StopSignal(), new PlainProcesses(), environment));

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result()).isEqualTo(workspace.toRealPath().toString());
    assertThat(outcome.figures().sessionId()).isEqualTo("s-1");
    assertThat(workspace.resolve("stdin")).hasContent("do $(this) 'now'");
    assertThat(Files.readAllLines(workspace.resolve("argv")))
        .startsWith("--first", "second word", "-p");
  }

  @Test
  void theProgramIsFoundInThePathOfTheJob() throws Exception {
    Path program = Files.writeString(workspace.resolve("claude"), "");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    RecordedRuns runs = new RecordedRuns("claude", "text");

    claude.run(
        TestJob.of("claude", "hi")
            .attempt(
                workspace,
                events,
                new StopSignal(),
                runs,
                Map.of("PATH", "/nonexistent:" + workspace)));

    assertThat(runs.commands().getFirst().argv()).startsWith(program.toString(), "-p");
  }

  @Test
  void aCommandThatCannotBeSplitIsAConfigError() throws Exception {
    Outcome.Failed failed =
        failed(
            claude.run(
                TestJob.of("claude", "hi")
                    .attempt(
                        workspace,
                        events,
                        new StopSignal(),
                        new PlainProcesses(),
                        Map.of("AIDP_CLAUDE_CMD", "'claude"))));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.CONFIG);
    assertThat(failed.error())
        .isEqualTo("AIDP_CLAUDE_CMD cannot be used: the quote ' at character 1 is never closed");
  }

  @Test
  void optionsOfTheJobFollow() throws Exception {
    RecordedRuns runs = new RecordedRuns("claude", "text", "text");
    TestJob job =
        TestJob.of("claude", "hi")
            .withOptions(
                new AgentOptions(List.of("Bash(git *)", "WebFetch"), 7, List.of("--extra", "a b")));
    run(job, runs);
    run(job.withPermissions(Permissions.READ), runs);

    assertThat(runs.commands().getFirst().argv())
        .containsSequence("--allowedTools", "Bash(git *),WebFetch")
        .containsSequence("--max-turns", "7")
        .endsWith("--extra", "a b");
    assertThat(runs.commands().getLast().argv())
        .containsSequence("--allowedTools", "Read,Grep,Glob,LS,NotebookRead,Bash(git *),WebFetch");
  }
}
