package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The events of `claude -p --output-format stream-json`. Event types, fields and keys that it does
/// not know are passed over: every version adds some.
final class ClaudeStream implements AgentStream {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private static final String UNKNOWN_SESSION = "No conversation found with session ID";
  private static final int MAX_MESSAGE_CHARS = 1 << 20;

  private final AgentCall call;
  private final Events events;
  private final ClaudeTools tools;
  private final ClaudeUsage usage = new ClaudeUsage();
  private @Nullable String sessionId;
  private @Nullable JsonNode result;
  private String lastError = "";
  private String lastErrorText = "";
  private boolean refused;
  private boolean limitReached;
  private @Nullable Instant limitResetsAt;
  private boolean sessionBegun;

  /// The line that is being read, until it was kept with its first entry.
  private @Nullable String raw;

  ClaudeStream(AgentCall call, Events events) {
    this.call = call;
    this.events = events;
    this.tools = new ClaudeTools(events);
    this.sessionId = call.sessionId();
  }

  @Override
  public void line(String line) {
    if (line.isBlank()) {
      return;
    }
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (JacksonException _) {
      event = null;
    }
    if (event == null || !event.isObject()) {
      log(LogLevel.DEBUG, LogCategory.SYSTEM, RawText.capped(line), Map.of("stream", "stdout"));
      return;
    }
    raw = RawText.capped(line);
    sessionOf(event);
    switch (event.path("type").asString("")) {
      case "system" -> system(event);
      case "assistant" -> assistant(event);
      case "user" -> user(event);
      case "rate_limit_event" -> rateLimit(event);
      case "result" -> result(event);
      case "stream_event" -> {
        // A part of a message that comes whole as well.
      }
      default -> log(LogLevel.DEBUG, LogCategory.SYSTEM, "event " + event.path("type"), Map.of());
    }
    raw = null;
  }

  private void sessionOf(JsonNode event) {
    String id = event.path("session_id").asString("");
    if (!id.isEmpty() && !id.equals(sessionId)) {
      sessionId = id;
      events.session(id);
    }
  }

  private void system(JsonNode event) {
    String subtype = event.path("subtype").asString("");
    switch (subtype) {
      case "init" -> {
        sessionBegun = true;
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
    lastError = event.path("error").asString("");
    refused |= message.path("stop_reason").asString("").equals("refusal");
    JsonNode content = message.path("content");
    if (content.isString()) {
      said(content.asString());
    }
    for (JsonNode block : content) {
      switch (block.path("type").asString("")) {
        case "text" -> said(block.path("text").asString(""));
        case "thinking" ->
            log(
                LogLevel.DEBUG,
                LogCategory.AGENT,
                capped(block.path("thinking").asString("")),
                Map.of("kind", "thinking"));
        case "tool_use" -> tools.used(block, event.path("parent_tool_use_id"), takeRaw());
        default -> log(LogLevel.DEBUG, LogCategory.AGENT, "(" + block.path("type") + ")", Map.of());
      }
    }
  }

  private void said(String text) {
    if (!lastError.isEmpty()) {
      lastErrorText = text;
      log(LogLevel.ERROR, LogCategory.AGENT, capped(text), Map.of("error", lastError));
    } else {
      log(LogLevel.INFO, LogCategory.AGENT, capped(text), Map.of());
    }
    if (!text.isBlank()) {
      events.progress(RawText.line(text));
    }
  }

  private void user(JsonNode event) {
    JsonNode content = event.path("message").path("content");
    if (content.isString()) {
      log(LogLevel.DEBUG, LogCategory.AGENT, capped(content.asString()), Map.of("role", "user"));
    }
    for (JsonNode block : content) {
      if (block.path("type").asString("").equals("tool_result")) {
        tools.returned(block);
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
    limitResetsAt = limitReached && resetsAt > 0 ? ClaudeFailure.ofEpoch(resetsAt) : null;
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

  private static String capped(String text) {
    return RawText.capped(text, MAX_MESSAGE_CHARS);
  }

  private @Nullable String takeRaw() {
    String taken = raw;
    raw = null;
    return taken;
  }

  /// The raw line goes with the first entry that it gives.
  private void log(LogLevel level, LogCategory category, String message, Map<String, String> data) {
    String line = takeRaw();
    if (line == null) {
      events.log(level, category, message, data);
      return;
    }
    Map<String, String> withRaw = new LinkedHashMap<>(data);
    withRaw.put("raw", line);
    events.log(level, category, message, withRaw);
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
    return said && !sessionBegun;
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
    tools.abandonOpen();
    JsonNode end = result;
    String answer = end == null ? "" : end.path("result").asString("");
    boolean well =
        end != null
            && !end.path("is_error").asBoolean(false)
            && end.path("subtype").asString("").equals("success");
    Figures figures = usage.figures(exitCode, well && !answer.isBlank() ? answer : null, sessionId);
    if (well && (exitCode == 0 || endedByUs)) {
      return answer.isBlank()
          ? failed(ErrorClass.UNKNOWN, "claude gave an empty answer", figures)
          : new Outcome.Completed(figures);
    }
    if (well) {
      return failed(
          ErrorClass.UNKNOWN, "claude gave a result, but ended with exit " + exitCode, figures);
    }
    ClaudeFailure failure = failure(end, exitCode, stderr);
    return new Outcome.Failed(
        failure.errorClass(), failure.error(), failure.retryAfter(), repeatable(), figures);
  }

  private Outcome failed(ErrorClass errorClass, String error, Figures figures) {
    return new Outcome.Failed(errorClass, error, null, repeatable(), figures);
  }

  /// Nothing was done yet, or the session knows what was.
  private boolean repeatable() {
    return !tools.wereUsed() || (sessionBegun && sessionId != null);
  }

  private ClaudeFailure failure(@Nullable JsonNode end, int exitCode, List<String> stderr) {
    String said = firstNonBlank(end == null ? "" : end.path("result").asString(""), errors());
    said = firstNonBlank(said, lastErrorText);
    if (end == null) {
      said = firstNonBlank(said, sessionBegun ? "" : lastLine(stderr));
    }
    boolean cut = end == null && lastError.isEmpty() && !limitReached;
    String text =
        said.isEmpty() ? "claude ended with exit " + exitCode + " and gave no result" : said;
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

  private static String firstNonBlank(String first, String second) {
    return first.isBlank() ? second : first;
  }

  private static String lastLine(List<String> stderr) {
    return stderr.reversed().stream().filter(line -> !line.isBlank()).findFirst().orElse("");
  }
}
