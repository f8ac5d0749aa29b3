package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The events of `gemini --output-format stream-json`. The parts of a message are put together: the
/// log has it whole.
final class GeminiStream extends JsonStream {
  private static final String UNKNOWN_SESSION = "Error resuming session";

  /// It ends without waiting for its output to be read: that of a long prompt is lost when this
  /// machine is busy, and that of a longer one always.
  private static final int ALWAYS_CUT_CHARS = 500_000;

  private static final String ECHO = "{\"type\":\"message\"";

  /// It holds out for hours where the API says how long a limit lasts.
  private static final Pattern WAITS =
      Pattern.compile("Attempt \\d+ failed: (.{0,500}?)\\.* Retrying after (\\d{1,12})ms");

  private final AgentCall call;
  private final MessageParts message = new MessageParts();
  private @Nullable JsonNode result;
  private String answer = "";
  private String lastError = "";
  private boolean echoCut;
  private @Nullable GeminiFailure limit;

  GeminiStream(AgentCall call, Events events) {
    super(call, events);
    this.call = call;
  }

  @Override
  void event(String type, JsonNode event) {
    if (type.equals("message") && event.path("role").asString("").equals("assistant")) {
      message.add(event.path("content").asString(""), takeRaw());
      progress(message.text());
      return;
    }
    endMessage();
    switch (type) {
      case "init" -> init(event);
      case "message" ->
          log(
              LogLevel.DEBUG,
              LogCategory.AGENT,
              capped(event.path("content").asString("")),
              Map.of("role", event.path("role").asString("?")));
      case "tool_use" -> toolUse(event);
      case "tool_result" -> toolResult(event);
      case "error" -> error(event);
      case "result" -> result(event);
      default -> unknown(type);
    }
  }

  @Override
  void otherLine(String line) {
    echoCut = line.startsWith(ECHO);
    super.otherLine(line);
  }

  private void init(JsonNode event) {
    session(event.path("session_id").asString(""));
    sessionBegun();
    log(
        LogLevel.DEBUG,
        LogCategory.SYSTEM,
        "session begun: gemini, model " + event.path("model").asString("?"),
        Map.of());
    model(event.path("model").asString(""));
  }

  private void endMessage() {
    if (message.isEmpty()) {
      return;
    }
    answer = message.text();
    String current = replaceRaw(message.raw());
    log(LogLevel.INFO, LogCategory.AGENT, capped(answer), Map.of());
    replaceRaw(current);
    message.clear();
  }

  private void toolUse(JsonNode event) {
    // What was said before was on the way to the answer.
    answer = "";
    tools()
        .begun(
            event.path("tool_id").asString(""),
            event.path("tool_name").asString("?"),
            event.path("parameters"),
            null,
            takeRaw());
  }

  private void toolResult(JsonNode event) {
    Object output = ToolCalls.output(event.path("output"));
    if (output == null && event.path("error").isObject()) {
      output = RawText.capped(event.path("error").path("message").asString(""));
    }
    boolean failed = event.path("status").asString("").equals("error");
    tools().ended(event.path("tool_id").asString(""), output, failed);
  }

  private void error(JsonNode event) {
    String text = event.path("message").asString("");
    boolean warning = event.path("severity").asString("").equals("warning");
    if (!warning) {
      lastError = text;
    }
    log(warning ? LogLevel.WARN : LogLevel.ERROR, LogCategory.SYSTEM, capped(text), Map.of());
  }

  private void result(JsonNode event) {
    result = event;
    String status = event.path("status").asString("?");
    log(
        status.equals("success") ? LogLevel.DEBUG : LogLevel.WARN,
        LogCategory.SYSTEM,
        "result: " + RawText.line(status),
        Map.of());
  }

  @Override
  public void stderr(String line) {
    Matcher waits = WAITS.matcher(line);
    if (!waits.find()) {
      return;
    }
    Duration wait = Duration.ofMillis(Long.parseLong(waits.group(2)));
    if (GeminiFailure.isLimit(wait)) {
      limit = new GeminiFailure(ErrorClass.USAGE_LIMIT, RawText.line(waits.group(1)), wait);
    } else {
      log(LogLevel.WARN, LogCategory.SYSTEM, RawText.line(line), Map.of("stream", "stderr"));
    }
  }

  @Override
  public boolean onlyWaits() {
    return limit != null;
  }

  @Override
  public boolean hasResult() {
    return result != null;
  }

  @Override
  public boolean isSessionUnknown(List<String> stderr) {
    return !hasSessionBegun() && stderr.stream().anyMatch(line -> line.contains(UNKNOWN_SESSION));
  }

  @Override
  public Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr) {
    endMessage();
    tools().abandonOpen();
    JsonNode end = result;
    boolean well = end != null && end.path("status").asString("").equals("success");
    Figures figures = figures(exitCode, well && !answer.isBlank() ? answer : null);
    if (well) {
      return wentWell(exitCode, endedByUs, figures);
    }
    if (end == null && echoCut) {
      return new Outcome.Failed(
          call.prompt().length() > ALWAYS_CUT_CHARS
              ? ErrorClass.INVALID_REQUEST
              : ErrorClass.TRANSIENT,
          "gemini's output broke off while it repeated the prompt, which is too long for it",
          null,
          repeatable(),
          figures);
    }
    GeminiFailure waited = limit;
    GeminiFailure failure = end == null && waited != null ? waited : failure(end, exitCode, stderr);
    return new Outcome.Failed(
        failure.errorClass(), failure.error(), failure.retryAfter(), repeatable(), figures);
  }

  private GeminiFailure failure(@Nullable JsonNode end, int exitCode, List<String> stderr) {
    String said = end == null ? "" : end.path("error").path("message").asString("");
    said = firstNonBlank(said, lastError);
    if (end == null && mayComplain(exitCode)) {
      said = firstNonBlank(said, firstNonBlank(firstComplaint(stderr), otherSaid()));
    }
    GeminiFailure failure =
        GeminiFailure.of(exitCode, firstNonBlank(said, noResult(exitCode)), stderr);
    // A stream that just ends says nothing about the request.
    boolean cut = end == null && said.isBlank();
    return cut && failure.errorClass() == ErrorClass.UNKNOWN
        ? new GeminiFailure(ErrorClass.TRANSIENT, failure.error(), null)
        : failure;
  }

  /// It complains first and explains afterwards, and warns before both.
  private static String firstComplaint(List<String> stderr) {
    return stderr.stream()
        .filter(line -> !line.isBlank() && !line.startsWith("Warning") && !line.startsWith("["))
        .filter(line -> !line.startsWith("YOLO mode") && !line.startsWith("Ripgrep"))
        .findFirst()
        .orElse("");
  }

  private Figures figures(int exitCode, @Nullable String text) {
    JsonNode stats = result == null ? null : result.path("stats");
    Usage usage = stats == null ? Usage.NONE : usage(stats);
    return new Figures(exitCode, text, sessionId(), usage, null, false);
  }

  /// Thinking is only in the total, and is output.
  private static Usage usage(JsonNode stats) {
    long input = Math.max(0, stats.path("input_tokens").asLong(0));
    long output = Math.max(0, stats.path("output_tokens").asLong(0));
    long total = stats.path("total_tokens").asLong(0);
    return new Usage(
        input, Math.max(output, total - input), Math.max(0, stats.path("cached").asLong(0)));
  }
}
