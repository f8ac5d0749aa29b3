package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The events of `claude -p --output-format stream-json`.
final class ClaudeStream extends JsonStream {
  private static final String UNKNOWN_SESSION = "No conversation found with session ID";

  private final AgentCall call;
  private final ClaudeUsage usage = new ClaudeUsage();
  private @Nullable JsonNode result;
  private String lastError = "";
  private String lastErrorText = "";
  private boolean refused;
  private boolean limitReached;
  private @Nullable Instant limitResetsAt;

  ClaudeStream(AgentCall call, Events events) {
    super(call, events);
    this.call = call;
  }

  @Override
  void event(String type, JsonNode event) {
    session(event.path("session_id").asString(""));
    switch (type) {
      case "system" -> system(event);
      case "assistant" -> assistant(event);
      case "user" -> user(event);
      case "rate_limit_event" -> rateLimit(event);
      case "result" -> result(event);
      case "stream_event" -> {
        // A part of a message that comes whole as well.
      }
      default -> unknown(type);
    }
  }

  private void system(JsonNode event) {
    String subtype = event.path("subtype").asString("");
    switch (subtype) {
      case "init" -> {
        sessionBegun();
        log(
            LogLevel.DEBUG,
            LogCategory.SYSTEM,
            "session begun: claude %s, model %s, permission mode %s"
                .formatted(
                    event.path("claude_code_version").asString("?"),
                    event.path("model").asString("?"),
                    event.path("permissionMode").asString("?")),
            Map.of());
      }
      case "api_retry" ->
          log(
              LogLevel.WARN,
              LogCategory.SYSTEM,
              "API retry %s of %s in %.1f s: %s %s"
                  .formatted(
                      event.path("attempt").asString("?"),
                      event.path("max_retries").asString("?"),
                      event.path("retry_delay_ms").asDouble(0) / 1000,
                      event.path("error_status").asString("no status"),
                      event.path("error").asString("")),
              Map.of());
      case "permission_denied" ->
          log(
              LogLevel.WARN,
              LogCategory.SYSTEM,
              "permission denied: "
                  + event.path("tool_name").asString(event.path("message").asString("a tool")),
              Map.of());
      default -> {
        refused |= subtype.startsWith("model_refusal");
        LogLevel level = subtype.startsWith("model_refusal") ? LogLevel.WARN : LogLevel.DEBUG;
        log(level, LogCategory.SYSTEM, "claude: " + subtype, Map.of());
      }
    }
  }

  private void assistant(JsonNode event) {
    JsonNode message = event.path("message");
    usage.message(message);
    used(usage.model(), usage.soFar());
    lastError = event.path("error").asString("");
    refused |= message.path("stop_reason").asString("").equals("refusal");
    JsonNode content = message.path("content");
    // The program speaks for itself that way, such as of a limit that was reached.
    boolean ownWords = message.path("model").asString("").equals("<synthetic>");
    if (content.isString()) {
      said(content.asString(), ownWords);
    }
    for (JsonNode block : content) {
      switch (block.path("type").asString("")) {
        case "text" -> said(block.path("text").asString(""), ownWords);
        case "thinking" ->
            log(
                LogLevel.DEBUG,
                LogCategory.AGENT,
                capped(block.path("thinking").asString("")),
                Map.of("kind", "thinking"));
        case "tool_use" -> toolUsed(block, event.path("parent_tool_use_id"));
        default -> log(LogLevel.DEBUG, LogCategory.AGENT, "(" + block.path("type") + ")", Map.of());
      }
    }
  }

  private void said(String text, boolean ownWords) {
    if (!lastError.isEmpty()) {
      lastErrorText = text;
      log(LogLevel.ERROR, LogCategory.AGENT, capped(text), Map.of("error", lastError));
    } else {
      log(ownWords ? LogLevel.WARN : LogLevel.INFO, LogCategory.AGENT, capped(text), Map.of());
    }
    progress(text);
  }

  private void toolUsed(JsonNode block, JsonNode parent) {
    tools()
        .begun(
            block.path("id").asString(""),
            block.path("name").asString("?"),
            block.path("input"),
            parent.isString() ? parent.asString() : null,
            takeRaw());
  }

  private void user(JsonNode event) {
    JsonNode content = event.path("message").path("content");
    if (content.isString()) {
      log(LogLevel.DEBUG, LogCategory.AGENT, capped(content.asString()), Map.of("role", "user"));
    }
    for (JsonNode block : content) {
      if (block.path("type").asString("").equals("tool_result")) {
        tools()
            .ended(
                block.path("tool_use_id").asString(""),
                ToolCalls.output(block.path("content")),
                block.path("is_error").asBoolean(false));
      } else {
        String text = block.path("text").asString("");
        log(LogLevel.DEBUG, LogCategory.AGENT, capped(text), Map.of("role", "user"));
      }
    }
  }

  private void rateLimit(JsonNode event) {
    JsonNode info =
        event.path("rate_limit_info").isObject() ? event.path("rate_limit_info") : event;
    String status = info.path("status").asString("");
    String type = info.path("rateLimitType").asString("usage");
    long resetsAt = info.path("resetsAt").asLong(0);
    limitReached = status.equals("rejected");
    limitResetsAt = limitReached && resetsAt > 0 ? ResetTime.ofEpoch(resetsAt) : null;
    LogLevel level = status.equals("allowed") ? LogLevel.DEBUG : LogLevel.WARN;
    log(level, LogCategory.SYSTEM, "usage limit (" + type + "): " + status, Map.of());
  }

  private void result(JsonNode event) {
    result = event;
    usage.result(event, call.resumed());
    boolean error = event.path("is_error").asBoolean(false);
    String subtype = event.path("subtype").asString("?");
    log(
        error ? LogLevel.WARN : LogLevel.DEBUG,
        LogCategory.SYSTEM,
        "result: %s, turns: %s"
            .formatted(
                // It calls an error of the API a success.
                error && subtype.equals("success") ? "error" : subtype,
                event.path("num_turns").asString("?")),
        Map.of());
  }

  @Override
  public boolean hasResult() {
    return result != null;
  }

  @Override
  public boolean isSessionUnknown(List<String> stderr) {
    boolean said =
        errors().contains(UNKNOWN_SESSION)
            || (result == null && String.join("\n", stderr).contains(UNKNOWN_SESSION));
    return said && !hasSessionBegun();
  }

  /// The `errors` of the result, which has them instead of a text.
  private String errors() {
    StringJoiner errors = new StringJoiner("; ");
    if (result != null) {
      result.path("errors").forEach(error -> errors.add(error.asString(error.toString())));
    }
    return errors.toString();
  }

  @Override
  public Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr) {
    tools().abandonOpen();
    JsonNode end = result;
    String answer = end == null ? "" : end.path("result").asString("");
    boolean well =
        end != null
            && !end.path("is_error").asBoolean(false)
            && end.path("subtype").asString("").equals("success");
    Figures figures =
        usage.figures(exitCode, well && !answer.isBlank() ? answer : null, sessionId());
    if (well) {
      return wentWell(exitCode, endedByUs, figures);
    }
    ClaudeFailure failure = failure(end, exitCode, stderr);
    return new Outcome.Failed(
        failure.errorClass(), failure.error(), failure.retryAfter(), repeatable(), figures);
  }

  private ClaudeFailure failure(@Nullable JsonNode end, int exitCode, List<String> stderr) {
    String said = firstNonBlank(end == null ? "" : end.path("result").asString(""), errors());
    said = firstNonBlank(said, lastErrorText);
    if (end == null) {
      said =
          firstNonBlank(
              said, mayComplain(exitCode) ? firstNonBlank(lastLine(stderr), otherSaid()) : "");
    }
    boolean cut = end == null && said.isBlank() && lastError.isEmpty() && !limitReached;
    String text = firstNonBlank(said, noResult(exitCode));
    ClaudeFailure failure =
        ClaudeFailure.of(
            new ClaudeFailure.Signs(
                end == null ? "" : end.path("subtype").asString(""),
                end == null ? "" : end.path("stop_reason").asString(""),
                end == null ? 0 : end.path("api_error_status").asInt(0),
                lastError,
                refused,
                limitReached,
                limitResetsAt,
                text),
            Instant.now());
    // A stream that just ends says nothing about the request.
    return cut && failure.errorClass() == ErrorClass.UNKNOWN
        ? new ClaudeFailure(ErrorClass.TRANSIENT, failure.error(), null)
        : failure;
  }
}
