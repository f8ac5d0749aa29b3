package dev.aidp.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Outcome;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against streams that were recorded from Codex CLI 0.169.0.
class CodexProviderTest extends RecordedAgentTest {
  CodexProviderTest() {
    super(new CodexCli());
  }

  @Test
  void aTextAnswerCompletesWithItsFigures() throws Exception {
    Outcome outcome = run("text");

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(outcome.figures().result())
        .isEqualTo("Hello from the fake model. The answer is 42.");
    assertThat(outcome.figures().usage()).isEqualTo(new Usage(1100, 20, 1000));
    assertThat(outcome.figures().costUsd()).isNull();
    assertThat(outcome.figures().sessionId()).isEqualTo("01a1ff35-5e08-73e1-838c-13e2df02eedb");
    assertThat(events.sessions()).containsExactly("01a1ff35-5e08-73e1-838c-13e2df02eedb");
  }

  @ParameterizedTest
  @CsvSource({
    "tool_fail, The command failed with exit code 3.",
    "multi_tool, All three steps are done.",
    "rate429_once, Recovered after one 429.",
    "overloaded_once, Recovered after one 529.",
    "unknown_tool, That tool does not exist.",
    "tool_bash_ro, Done: the tool printed hello-from-tool.",
  })
  void completes(String recordedCase, String answer) throws Exception {
    assertCompletes(recordedCase, answer);
  }

  @ParameterizedTest
  @CsvSource({
    "auth401, auth, 401 Unauthorized",
    "perm403, auth, 403 Forbidden",
    "nokey, auth, Missing environment variable",
    "badreq400, invalid_request, the fake says this is bad",
    "notfound404, invalid_request, no-such-model",
    "prompt_too_long, invalid_request, context window",
    "overloaded_forever, transient, at capacity",
    "overloaded_bounded, transient, at capacity",
    "sse_error, transient, at capacity",
    "err500_forever, transient, high demand",
    "cut_forever, transient, stream disconnected",
    "eof_forever, transient, stream closed",
    "html200, transient, stream closed",
    "malformed_forever, transient, stream closed",
    "noserver_nounbounded, transient, Connection failed",
    "stall_bounded, transient, idle timeout",
    "rate429_forever, transient, 429",
    "rate429_bounded, transient, 429",
    "rate429_noheader, transient, 429",
    "rate429_long, transient, no result",
    "quota, usage_limit, Quota exceeded",
    "empty, unknown, empty answer",
    "refusal, refused, content_filter",
    "max_tokens, max_turns, max_output_tokens",
    "bad_flag, config, unexpected argument",
    "sigterm_stream, transient, no result",
    "sigterm_tool, transient, no result",
    "sigint_tool, transient, no result",
  })
  void fails(String recordedCase, String errorClass, String error) throws Exception {
    assertThat(assertFails(recordedCase, errorClass, error).repeatable()).isTrue();
  }

  @Test
  void toolCallsArePairedWithTheirResults() throws Exception {
    run("multi_tool");

    assertThat(events.toolCalls())
        .extracting(Events.ToolCall::tool, Events.ToolCall::status)
        .containsExactly(
            Tuple.tuple("command_execution", "ok"),
            Tuple.tuple("file_change", "ok"),
            Tuple.tuple("command_execution", "ok"));
    assertThat(events.toolCalls().getLast().output()).isEqualTo("# notes\n");
    assertThat(String.valueOf(events.toolCalls().getLast().input()))
        .isEqualTo("{\"command\":\"/bin/bash -lc 'cat notes.md'\"}");
    assertThat(events.messages(LogCategory.TOOL))
        .hasSize(3)
        .anySatisfy(summary -> assertThat(summary).endsWith("/notes.md"));
  }

  @Test
  void aFailedToolIsAnError() throws Exception {
    run("tool_fail");

    assertThat(events.toolCalls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.status()).isEqualTo("error");
          assertThat(call.output()).isEqualTo("oops\n");
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
  void toolsThatWereNotRecordedAreKnownToo() throws Exception {
    play(
        0,
        "{\"type\":\"item.completed\",\"item\":{\"id\":\"1\",\"type\":\"mcp_tool_call\",\"server\":\"db\","
            + "\"tool\":\"query\",\"arguments\":{\"sql\":\"select 1\"},\"result\":{\"content\":"
            + "[{\"type\":\"text\",\"text\":\"1\"}]},\"status\":\"completed\"}}",
        "{\"type\":\"item.started\",\"item\":{\"id\":\"2\",\"type\":\"mcp_tool_call\",\"server\":\"db\","
            + "\"tool\":\"drop\",\"arguments\":{}}}",
        "{\"type\":\"item.completed\",\"item\":{\"id\":\"2\",\"type\":\"mcp_tool_call\",\"server\":\"db\","
            + "\"tool\":\"drop\",\"arguments\":{},\"error\":{\"message\":\"no\"},\"status\":\"failed\"}}",
        "{\"type\":\"item.completed\",\"item\":{\"id\":\"3\",\"type\":\"web_search\",\"query\":\"q\"}}");

    assertThat(events.toolCalls())
        .extracting(Events.ToolCall::tool, Events.ToolCall::output, Events.ToolCall::status)
        .containsExactly(
            Tuple.tuple("db.query", "1", "ok"),
            Tuple.tuple("db.drop", "no", "error"),
            Tuple.tuple("web_search", null, "ok"));
  }

  @Test
  void reconnectingIsAWarning() throws Exception {
    run("rate429_once");

    assertThat(events.entries())
        .filteredOn(entry -> entry.level() == LogLevel.WARN)
        .singleElement()
        .satisfies(entry -> assertThat(entry.message()).startsWith("Reconnecting... 1/5"));
  }

  @Test
  void anUnknownSessionIsBegunAnew() throws Exception {
    RecordedRuns runs = recorded("resume_unknown", "text");

    Outcome outcome = run(job().withSession(SESSION), runs);

    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(runs.commands().getFirst().argv()).endsWith("resume", SESSION, "-");
    assertThat(runs.commands().getLast().argv()).doesNotContain("resume").endsWith("-");
    assertThat(outcome.figures().sessionId()).isEqualTo("01a1ff35-5e08-73e1-838c-13e2df02eedb");
  }

  @Test
  void aResumedSessionPaysOnlyForItself() throws Exception {
    TestJob job = job().withSession(SESSION);

    assertThat(
            run(job.withUsedBefore(new Usage(1100, 20, 1000)), recorded("resume.2"))
                .figures()
                .usage())
        .isEqualTo(new Usage(1100, 20, 1000));
    // What was lost with a crash is paid by who goes on.
    assertThat(run(job, recorded("resume.2")).figures().usage())
        .isEqualTo(new Usage(2200, 40, 2000));
    assertThat(
            run(job.withUsedBefore(new Usage(9000, 20, 1000)), recorded("resume.2"))
                .figures()
                .usage())
        .as("a version that does not sum up")
        .isEqualTo(new Usage(2200, 40, 2000));
  }

  @Test
  void otherLineSeparatorsStayInsideALine() throws Exception {
    assertThat(run("unicode_ls").figures().result()).contains("\u2028").contains("\u0085");
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() throws Exception {
    Outcome outcome =
        play(
            0,
            "not json",
            "{\"type\":7}",
            "{\"type\":\"novelty\"}",
            "{\"type\":\"item.started\"}",
            "{\"type\":\"item.completed\",\"item\":7}",
            "{\"type\":\"item.updated\",\"item\":{\"type\":\"todo_list\",\"items\":[]}}",
            "{\"type\":\"item.completed\",\"item\":{\"type\":\"reasoning\",\"text\":\"hm\"}}",
            "{\"type\":\"item.completed\",\"item\":{\"type\":\"error\",\"message\":\"careful\"}}",
            "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"fine\"}}",
            "{\"type\":\"turn.completed\"}");

    assertThat(outcome.figures().result()).isEqualTo("fine");
    assertThat(events.entries())
        .anySatisfy(entry -> assertThat(entry.message()).isEqualTo("hm"))
        .anySatisfy(entry -> assertThat(entry.message()).isEqualTo("careful"));
  }

  @Test
  void theCommandSaysWhatTheJobSays() throws Exception {
    RecordedRuns runs = recorded("text", "text", "text");
    run(job().withModel("gpt-5.5"), runs);
    run(job().withPermissions(Permissions.READ), runs);
    run(job().withPermissions(Permissions.ALL), runs);

    ProcessRunner.Command edit = runs.commands().getFirst();
    assertThat(edit.argv())
        .containsSequence("exec", "--json", "--skip-git-repo-check")
        .containsSequence("-m", "gpt-5.5")
        .containsSequence("-s", "workspace-write")
        .endsWith("-");
    assertThat(edit.stdin()).isEqualTo("hi");
    assertThat(runs.commands().get(1).argv()).containsSequence("-s", "read-only");
    assertThat(runs.commands().get(2).argv()).containsSequence("-s", "danger-full-access");
  }

  @Test
  void optionsOfTheJobFollow() throws Exception {
    assertThat(commandWith(new AgentOptions(List.of(), 7, List.of("--extra", "a b"))).argv())
        .endsWith("--extra", "a b", "-");
  }
}
