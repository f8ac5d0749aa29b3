package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent's output as one JSON object a line. Lines that are none are kept in the log, and
/// events, fields and keys that a program's reader does not know are passed over: every version
/// adds some.
abstract class JsonStream implements AgentStream {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private static final int MAX_MESSAGE_CHARS = 1 << 20;

  private final String provider;
  private final Events events;
  private final ToolCalls tools;
  private @Nullable String sessionId;
  private boolean sessionBegun;
  private String otherSaid = "";

  /// The line that is being read, until it was kept with its first entry.
  private @Nullable String raw;

  JsonStream(AgentCall call, Events events) {
    this.provider = call.provider();
    this.events = events;
    this.tools = new ToolCalls(events);
    this.sessionId = call.sessionId();
  }

  /// @param type its `type`, empty if it has none
  abstract void event(String type, JsonNode event);

  /// A line that is no JSON object.
  void otherLine(String line) {
    otherSaid = RawText.line(line);
    log(LogLevel.DEBUG, LogCategory.SYSTEM, RawText.capped(line), Map.of("stream", "stdout"));
  }

  @Override
  public final void line(String line) {
    if (line.isBlank()) {
      return;
    }
    JsonNode event = parsed(line);
    if (event == null || !event.isObject()) {
      otherLine(line);
      return;
    }
    raw = RawText.capped(line);
    try {
      event(event.path("type").asString(""), event);
    } finally {
      raw = null;
    }
  }

  static @Nullable JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException _) {
      return null;
    }
  }

  @Override
  public final int turns() {
    return tools.turns().count();
  }

  final ToolCalls tools() {
    return tools;
  }

  final @Nullable String sessionId() {
    return sessionId;
  }

  /// @param id empty if the event has none
  final void session(String id) {
    if (!id.isEmpty() && !id.equals(sessionId)) {
      sessionId = id;
      events.session(id);
    }
  }

  /// @param name the model that answers; empty if the event does not say it
  final void model(String name) {
    events.used(name.isEmpty() ? null : name, Usage.NONE);
  }

  final void used(@Nullable String model, Usage soFar) {
    events.used(model, soFar);
  }

  final void sessionBegun() {
    sessionBegun = true;
  }

  final boolean hasSessionBegun() {
    return sessionBegun;
  }

  /// The model says this.
  final void progress(String text) {
    tools.turns().answers();
    if (!text.isBlank()) {
      events.progress(RawText.line(text));
    }
  }

  /// An event that is not known.
  final void unknown(String type) {
    log(LogLevel.DEBUG, LogCategory.SYSTEM, provider + ": " + RawText.line(type), Map.of());
  }

  /// The text of a message, as long as a log can bear it.
  static String capped(String text) {
    return RawText.capped(text, MAX_MESSAGE_CHARS);
  }

  final @Nullable String takeRaw() {
    return replaceRaw(null);
  }

  /// Sets what the next entry is kept beside.
  ///
  /// @return what would have been
  final @Nullable String replaceRaw(@Nullable String lines) {
    String replaced = raw;
    raw = lines;
    return replaced;
  }

  /// The raw line goes with the first entry that it gives.
  final void log(LogLevel level, LogCategory category, String message, Map<String, String> data) {
    String line = takeRaw();
    if (line == null) {
      events.log(level, category, message, data);
      return;
    }
    Map<String, String> withRaw = new LinkedHashMap<>(data);
    withRaw.put("raw", line);
    events.log(level, category, message, withRaw);
  }

  /// Nothing was done yet, or the session knows what was.
  final boolean repeatable() {
    return !tools.wereUsed() || (sessionBegun && sessionId != null);
  }

  /// What an agent's own word that it went well comes to.
  final Outcome wentWell(int exitCode, boolean endedByUs, Figures figures) {
    if (exitCode != 0 && !endedByUs) {
      return failed(
          ErrorClass.UNKNOWN,
          provider + " gave a result, but ended with exit " + exitCode,
          figures);
    }
    return figures.result() == null
        ? failed(ErrorClass.UNKNOWN, provider + " gave an empty answer", figures)
        : new Outcome.Completed(figures);
  }

  private Outcome failed(ErrorClass errorClass, String error, Figures figures) {
    return new Outcome.Failed(errorClass, error, null, repeatable(), figures);
  }

  /// Whether stderr may say why a call without a result failed. Most of what is written there is
  /// noise; it counts where the program could not even begin.
  final boolean mayComplain(int exitCode) {
    return exitCode != 0 && !sessionBegun;
  }

  /// The last line that was no JSON object, empty if there was none.
  final String otherSaid() {
    return otherSaid;
  }

  final String noResult(int exitCode) {
    return provider + " ended with exit " + exitCode + " and gave no result";
  }

  static String firstNonBlank(String first, String second) {
    return first.isBlank() ? second : first;
  }

  static String lastLine(List<String> stderr) {
    return stderr.reversed().stream().filter(line -> !line.isBlank()).findFirst().orElse("");
  }
}
