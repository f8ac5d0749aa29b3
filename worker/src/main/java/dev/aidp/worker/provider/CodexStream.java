package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The events of `codex exec --json`.
final class CodexStream extends JsonStream {
  private static final String UNKNOWN_SESSION = "no rollout found for thread id";

  private final AgentCall call;
  private boolean completed;
  private boolean failed;
  private Usage usage = Usage.NONE;
  private String answer = "";
  private String lastError = "";

  CodexStream(AgentCall call, Events events) {
    super(call, events);
    this.call = call;
  }

  @Override
  void event(String type, JsonNode event) {
    switch (type) {
      case "thread.started" -> {
        session(event.path("thread_id").asString(""));
        sessionBegun();
        log(LogLevel.DEBUG, LogCategory.SYSTEM, "session begun: codex", Map.of());
      }
      case "item.started" -> started(event.path("item"));
      case "item.completed" -> completed(event.path("item"));
      case "error" -> error(event.path("message").asString(""));
      case "turn.completed" -> {
        completed = true;
        usage = ownShare(event.path("usage"));
        log(LogLevel.DEBUG, LogCategory.SYSTEM, "result: success", Map.of());
      }
      case "turn.failed" -> {
        failed = true;
        lastError = event.path("error").path("message").asString(lastError);
        log(LogLevel.WARN, LogCategory.SYSTEM, "result: error", Map.of());
      }
      default -> unknown(type);
    }
  }

  /// Before it reconnects it says so as an error. Only the end of the turn is final.
  private void error(String message) {
    boolean reconnecting = message.startsWith("Reconnecting");
    if (!reconnecting) {
      lastError = message;
    }
    LogLevel level = reconnecting ? LogLevel.WARN : LogLevel.ERROR;
    log(level, LogCategory.SYSTEM, capped(message), Map.of());
  }

  private void started(JsonNode item) {
    if (isTool(item)) {
      begun(item);
    } else {
      unknown("item.started " + item.path("type").asString("?"));
    }
  }

  private void completed(JsonNode item) {
    String type = item.path("type").asString("?");
    switch (type) {
      case "agent_message" -> {
        answer = item.path("text").asString("");
        log(LogLevel.INFO, LogCategory.AGENT, capped(answer), Map.of());
        progress(answer);
      }
      case "reasoning" ->
          log(
              LogLevel.DEBUG,
              LogCategory.AGENT,
              capped(item.path("text").asString("")),
              Map.of("kind", "thinking"));
      case "error" ->
          log(
              LogLevel.WARN,
              LogCategory.SYSTEM,
              capped(item.path("message").asString("")),
              Map.of());
      default -> {
        if (isTool(item)) {
          ended(item);
        } else {
          unknown("item.completed " + type);
        }
      }
    }
  }

  private static boolean isTool(JsonNode item) {
    return switch (item.path("type").asString("")) {
      case "command_execution", "file_change", "mcp_tool_call", "web_search" -> true;
      default -> false;
    };
  }

  private void begun(JsonNode item) {
    String type = item.path("type").asString("?");
    JsonNode input =
        type.equals("mcp_tool_call")
            ? item.path("arguments")
            : without(item, "id", "type", "status", "aggregated_output", "exit_code", "results");
    String tool =
        type.equals("mcp_tool_call")
            ? item.path("server").asString("?") + "." + item.path("tool").asString("?")
            : type;
    tools().begun(item.path("id").asString(""), tool, input, null, takeRaw());
  }

  private static JsonNode without(JsonNode item, String... fields) {
    return item instanceof ObjectNode object ? object.deepCopy().without(List.of(fields)) : item;
  }

  /// Some tools are only told of at their end.
  private void ended(JsonNode item) {
    begun(item);
    JsonNode exitCode = item.path("exit_code");
    String status = item.path("status").asString("");
    boolean wentWrong =
        status.equals("failed")
            || status.equals("declined")
            || (exitCode.isNumber() && exitCode.asInt(0) != 0);
    tools().ended(item.path("id").asString(""), output(item), wentWrong);
  }

  private static @Nullable Object output(JsonNode item) {
    JsonNode error = item.path("error");
    if (error.isObject()) {
      return ToolCalls.output(error.path("message"));
    }
    JsonNode result = item.path("result");
    return ToolCalls.output(
        result.isObject() && result.path("content").isArray()
            ? result.path("content")
            : item.path("aggregated_output"));
  }

  /// It reports the tokens of the thread so far.
  private Usage ownShare(JsonNode total) {
    Usage before = call.usedBefore();
    long input = total.path("input_tokens").asLong(0);
    boolean summed = call.resumed() && input >= before.inputTokens();
    return new Usage(
        Math.max(0, input - (summed ? before.inputTokens() : 0)),
        Math.max(0, total.path("output_tokens").asLong(0) - (summed ? before.outputTokens() : 0)),
        Math.max(
            0, total.path("cached_input_tokens").asLong(0) - (summed ? before.cachedTokens() : 0)));
  }

  @Override
  public boolean hasResult() {
    return completed || failed;
  }

  @Override
  public boolean isSessionUnknown(List<String> stderr) {
    return !hasSessionBegun() && stderr.stream().anyMatch(line -> line.contains(UNKNOWN_SESSION));
  }

  @Override
  public Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr) {
    tools().abandonOpen();
    boolean well = completed && !failed;
    String text = well && !answer.isBlank() ? answer : null;
    Figures figures = new Figures(exitCode, text, sessionId(), usage, null, false);
    if (well) {
      return wentWell(exitCode, endedByUs, figures);
    }
    String said = lastError;
    if (!failed && mayComplain(exitCode)) {
      said = firstNonBlank(said, firstNonBlank(complaint(stderr), otherSaid()));
    }
    boolean cut = !failed && said.isBlank();
    CodexFailure failure = CodexFailure.of(firstNonBlank(said, noResult(exitCode)));
    // A stream that just ends says nothing about the request.
    ErrorClass errorClass =
        cut && failure.errorClass() == ErrorClass.UNKNOWN
            ? ErrorClass.TRANSIENT
            : failure.errorClass();
    return new Outcome.Failed(
        errorClass, failure.error(), failure.retryAfter(), repeatable(), figures);
  }

  private static String complaint(List<String> stderr) {
    return stderr.stream()
        .filter(line -> line.regionMatches(true, 0, "error", 0, 5))
        .findFirst()
        .orElseGet(() -> lastLine(stderr));
  }
}
