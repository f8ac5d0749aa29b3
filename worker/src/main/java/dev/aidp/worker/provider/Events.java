package dev.aidp.worker.provider;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes what happens in an execution. No method blocks on the database: what it cannot take is
/// spooled to disk. Safe for several threads; `seq` follows the order of the calls.
public interface Events {

  /// Adds an entry to the log. Text may be hostile: NUL and lone surrogates are replaced.
  ///
  /// An entry of category agent and level info is the model's own word, and nothing else is: it
  /// ends the pause of a provider that was at its usage limit.
  ///
  /// @param data JSON-ready values (String, Number, Boolean, List, Map, JsonNode, null); may be
  ///   empty
  void log(LogLevel level, LogCategory category, String message, Map<String, ?> data);

  /// A finished tool call, for `tool-calls.jsonl` and the log.
  void toolCall(ToolCall call);

  /// The agent's session, at its first sight: a crash can resume it from then on.
  void session(String sessionId);

  /// The last thing that it said or did, in one line, for tables.
  void progress(String text);

  /// Tokens that the whole execution has used so far; may be said again and again while it runs.
  ///
  /// @param model that answers, as the agent calls it; null: not known
  default void used(@Nullable String model, Usage soFar) {}

  /// A tool call with its result.
  ///
  /// @param input JSON-ready value
  /// @param output JSON-ready value, null if it has none
  /// @param status `ok` or `error`
  /// @param durationMillis from call to result
  record ToolCall(
      String tool,
      String callId,
      @Nullable Object input,
      @Nullable Object output,
      String status,
      long durationMillis) {}
}
