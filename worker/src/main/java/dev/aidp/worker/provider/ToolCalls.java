package dev.aidp.worker.provider;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Pairs the tool calls of an agent with their results. Each call gives one log entry when it
/// begins, and one tool call when it has ended.
final class ToolCalls {
  private static final int MAX_VALUE_CHARS = 1 << 20;
  private static final String[] TELLING = {
    "command", "file_path", "path", "pattern", "url", "query", "description", "prompt"
  };

  private final Events events;
  private final Map<String, Open> open = new LinkedHashMap<>();
  private final Turns turns = new Turns();
  private boolean used;

  private record Open(String tool, JsonNode input, long sinceNanos) {}

  ToolCalls(Events events) {
    this.events = events;
  }

  boolean wereUsed() {
    return used;
  }

  Turns turns() {
    return turns;
  }

  /// A call begins. Told of one that has begun already, it does nothing.
  ///
  /// @param parent the call of the agent that made this one; null if that was the main agent
  /// @param raw the line that it came with; null if that was kept already
  void begun(
      String callId, String tool, JsonNode input, @Nullable String parent, @Nullable String raw) {
    used = true;
    turns.answers();
    if (open.putIfAbsent(callId, new Open(tool, input, System.nanoTime())) != null) {
      return;
    }
    String summary = summary(tool, input);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("tool", tool);
    data.put("callId", callId);
    if (parent != null) {
      data.put("parentCallId", parent);
    }
    if (raw != null) {
      data.put("raw", raw);
    }
    events.log(LogLevel.INFO, LogCategory.TOOL, summary, data);
    events.progress(summary);
  }

  private static String summary(String tool, JsonNode input) {
    for (String key : TELLING) {
      if (input.path(key).isString()) {
        return RawText.line(tool + ": " + input.path(key).asString());
      }
    }
    StringJoiner files = new StringJoiner(", ");
    input.path("changes").forEach(change -> files.add(change.path("path").asString("?")));
    return RawText.line(files.length() == 0 ? tool : tool + ": " + files);
  }

  boolean isOpen(String callId) {
    return open.containsKey(callId);
  }

  /// A call has ended; the result of one that is not known is passed over.
  ///
  /// @param output JSON-ready value, null if it has none
  void ended(String callId, @Nullable Object output, boolean failed) {
    Open call = open.remove(callId);
    if (call != null) {
      turns.getsResult();
      end(callId, call, output, failed ? "error" : "ok");
    }
  }

  /// The process ended while these were running.
  void abandonOpen() {
    open.forEach((callId, call) -> end(callId, call, null, "error"));
    open.clear();
  }

  private void end(String callId, Open call, @Nullable Object output, String status) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - call.sinceNanos());
    events.toolCall(
        new Events.ToolCall(call.tool(), callId, bounded(call.input()), output, status, millis));
  }

  private static Object bounded(JsonNode input) {
    String text = input.toString();
    return text.length() <= MAX_VALUE_CHARS ? input : RawText.capped(text, MAX_VALUE_CHARS);
  }

  /// What a tool gave back, as long as a log can bear it: a text, the texts of a list of blocks, or
  /// the value as it is.
  static @Nullable Object output(JsonNode content) {
    if (content.isMissingNode() || content.isNull()) {
      return null;
    }
    if (content.isString()) {
      return RawText.capped(content.asString(), MAX_VALUE_CHARS);
    }
    if (!content.isArray()) {
      return bounded(content);
    }
    StringJoiner text = new StringJoiner("\n");
    for (JsonNode block : content) {
      text.add(
          block.path("text").isString()
              ? block.path("text").asString()
              : "[" + block.path("type").asString("?") + "]");
    }
    return RawText.capped(text.toString(), MAX_VALUE_CHARS);
  }
}
