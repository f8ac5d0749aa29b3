package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The events of `cursor-agent -p --output-format stream-json`.
final class CursorStream extends JsonStream {
  private static final String TOOL_SUFFIX = "ToolCall";

  /// What the one field of a tool's result is called if the tool did what it was asked for, or goes
  /// on with it.
  private static final Set<String> WELL =
      Set.of(
          "success",
          "complete",
          "registered",
          "startSuccess",
          "saveSuccess",
          "discardSuccess",
          "approved",
          "async",
          "stillRunning");

  private static final Pattern UNKNOWN_SESSION =
      Pattern.compile(
          "(?:chat|session|conversation).{0,80}(?:not found|not exist|unknown)"
              + "|(?:no such|unknown|not find|invalid) (?:chat|session|conversation)",
          Pattern.CASE_INSENSITIVE);

  private final StringBuilder said = new StringBuilder();
  private final StringBuilder saidSinceTool = new StringBuilder();
  private final MessageParts thinking = new MessageParts();
  private @Nullable JsonNode result;
  private String lastError = "";

  CursorStream(AgentCall call, Events events) {
    super(call, events);
  }

  @Override
  void event(String type, JsonNode event) {
    session(event.path("session_id").asString(""));
    if (type.equals("thinking") && event.path("subtype").asString("").equals("delta")) {
      thinking.add(event.path("text").asString(""), takeRaw());
      return;
    }
    endThinking();
    switch (type) {
      case "system" -> system(event);
      case "user" ->
          log(LogLevel.DEBUG, LogCategory.AGENT, capped(text(event)), Map.of("role", "user"));
      case "assistant" -> assistant(text(event));
      case "tool_call" -> toolCall(event);
      case "result" -> result(event);
      case "retry", "connection" -> interrupted(type, event);
      case "error" -> error(event);
      case "thinking" -> {
        // Its parts were kept.
      }
      default -> unknown(type);
    }
  }

  private void system(JsonNode event) {
    if (!event.path("subtype").asString("").equals("init")) {
      unknown("system " + event.path("subtype").asString("?"));
      return;
    }
    sessionBegun();
    log(
        LogLevel.DEBUG,
        LogCategory.SYSTEM,
        "session begun: cursor, model " + event.path("model").asString("?"),
        Map.of());
    model(event.path("model").asString(""));
  }

  /// It begins again, or has lost its server; what it gives up on ends it.
  private void interrupted(String type, JsonNode event) {
    JsonNode attempt = event.path("attempt");
    String text =
        type
            + " "
            + event.path("subtype").asString("")
            + (attempt.isNumber() ? ", attempt " + attempt.asInt(0) : "");
    log(LogLevel.WARN, LogCategory.SYSTEM, "cursor: " + RawText.line(text), Map.of());
  }

  private void error(JsonNode event) {
    JsonNode message = event.path("message");
    lastError = message.isString() ? message.asString() : event.path("error").asString("");
    log(LogLevel.ERROR, LogCategory.SYSTEM, capped(lastError), Map.of());
  }

  private void endThinking() {
    if (thinking.isEmpty()) {
      return;
    }
    String current = replaceRaw(thinking.raw());
    log(LogLevel.DEBUG, LogCategory.AGENT, capped(thinking.text()), Map.of("kind", "thinking"));
    replaceRaw(current);
    thinking.clear();
  }

  private static String text(JsonNode event) {
    JsonNode content = event.path("message").path("content");
    if (content.isString()) {
      return content.asString();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : content) {
      if (block.path("type").asString("text").equals("text")) {
        text.append(block.path("text").asString(""));
      }
    }
    return text.toString();
  }

  private void assistant(String text) {
    said.append(text);
    saidSinceTool.append(text);
    log(LogLevel.INFO, LogCategory.AGENT, capped(text), Map.of());
    progress(text);
  }

  /// The tool is the name of the one field beside the call: `readToolCall` and so on.
  private void toolCall(JsonNode event) {
    saidSinceTool.setLength(0);
    JsonNode calls = event.path("tool_call");
    String field =
        calls
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(key -> key.endsWith(TOOL_SUFFIX))
            .findFirst()
            .orElse("");
    JsonNode call = calls.path(field.isEmpty() ? "function" : field);
    String tool =
        field.isEmpty()
            ? call.path("name").asString("?")
            : field.substring(0, field.length() - TOOL_SUFFIX.length());
    JsonNode input = call.path(field.isEmpty() ? "arguments" : "args");
    String callId =
        firstNonBlank(event.path("call_id").asString(""), input.path("toolCallId").asString(""));
    tools().begun(callId, tool, input, null, takeRaw());
    if (event.path("subtype").asString("").equals("completed")) {
      ended(callId, call.path("result"));
    }
  }

  private void ended(String callId, JsonNode outcome) {
    String how =
        outcome
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(WELL::contains)
            .findFirst()
            .orElse("");
    if (how.isEmpty()) {
      JsonNode why =
          outcome.isObject() && outcome.size() == 1 ? outcome.iterator().next() : outcome;
      boolean failed = outcome.isObject() && !outcome.isEmpty();
      tools().ended(callId, ToolCalls.output(why), failed);
      return;
    }
    JsonNode given = outcome.path(how);
    boolean failed = given.path("exitCode").asInt(0) != 0;
    JsonNode stdout = given.path("stdout");
    JsonNode content = stdout.isString() ? stdout : given.path("content");
    tools().ended(callId, ToolCalls.output(content.isString() ? content : given), failed);
  }

  private void result(JsonNode event) {
    result = event;
    boolean error = isError(event);
    log(
        error ? LogLevel.WARN : LogLevel.DEBUG,
        LogCategory.SYSTEM,
        "result: " + (error ? "error" : "success"),
        Map.of());
  }

  private static boolean isError(JsonNode result) {
    return result.path("is_error").asBoolean(false)
        || result.path("subtype").asString("success").startsWith("error");
  }

  @Override
  public boolean hasResult() {
    return result != null;
  }

  @Override
  public boolean isSessionUnknown(List<String> stderr) {
    return !hasSessionBegun()
        && result == null
        && UNKNOWN_SESSION.matcher(String.join(" ", stderr)).find();
  }

  @Override
  public Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr) {
    endThinking();
    tools().abandonOpen();
    JsonNode end = result;
    boolean well = end != null && !isError(end);
    String answer = well ? answer(Objects.requireNonNull(end)) : "";
    Usage usage = end == null ? Usage.NONE : usage(end.path("usage"));
    Figures figures =
        new Figures(exitCode, answer.isBlank() ? null : answer, sessionId(), usage, null, false);
    if (well) {
      return wentWell(exitCode, endedByUs, figures);
    }
    CursorFailure failure = failure(end, exitCode, stderr);
    return new Outcome.Failed(
        failure.errorClass(), failure.error(), failure.retryAfter(), repeatable(), figures);
  }

  /// Its result is all that it said; the answer is what it said last.
  private String answer(JsonNode end) {
    String whole = end.path("result").asString("");
    boolean all = whole.strip().equals(said.toString().strip());
    return all && !saidSinceTool.toString().isBlank() ? saidSinceTool.toString() : whole;
  }

  private CursorFailure failure(@Nullable JsonNode end, int exitCode, List<String> stderr) {
    String own = firstNonBlank(end == null ? "" : end.path("result").asString(""), lastError);
    String complaint =
        stderr.stream().filter(line -> !line.isBlank()).findFirst().map(String::strip).orElse("");
    if (mayComplain(exitCode)) {
      complaint = firstNonBlank(complaint, otherSaid());
    }
    // Unless it failed, what it writes to stderr is noise.
    boolean silent = own.isBlank() && (complaint.isBlank() || exitCode == 0);
    if (silent) {
      return new CursorFailure(ErrorClass.TRANSIENT, noResult(exitCode), null);
    }
    CursorFailure failure =
        CursorFailure.of(
            firstNonBlank(own, complaint),
            own + "\n" + complaint + "\n" + String.join("\n", stderr));
    boolean cut = end == null && hasSessionBegun() && exitCode > 128;
    return cut && failure.errorClass() == ErrorClass.UNKNOWN
        ? new CursorFailure(ErrorClass.TRANSIENT, noResult(exitCode), null)
        : failure;
  }

  /// What was read from a cache is not in its input tokens.
  private static Usage usage(JsonNode usage) {
    long cached = tokens(usage, "cacheReadTokens", "cache_read_tokens");
    long fresh = tokens(usage, "inputTokens", "input_tokens");
    long written = tokens(usage, "cacheWriteTokens", "cache_write_tokens");
    return new Usage(
        fresh + written + cached, tokens(usage, "outputTokens", "output_tokens"), cached);
  }

  private static long tokens(JsonNode usage, String key, String otherKey) {
    return Math.max(0, usage.path(key).asLong(usage.path(otherKey).asLong(0)));
  }
}
