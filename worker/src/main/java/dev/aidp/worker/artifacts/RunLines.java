package dev.aidp.worker.artifacts;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Collects the lines that one batch adds to the three logs. The same entry always gives the same
/// lines.
final class RunLines {
  private static final Set<String> TOOL_CALL = Set.of("tool", "callId", "status", "durationMs");

  private final @Nullable String node;
  final StringBuilder jsonl = new StringBuilder();
  final StringBuilder text = new StringBuilder();
  final StringBuilder toolCalls = new StringBuilder();

  RunLines(@Nullable String node) {
    this.node = node;
  }

  /// The first entry of a single job; it is not in the database.
  void start(Job job) {
    String message = "Starting job: " + SafeText.storable(job.name());
    add(job.createdAt(), LogLevel.INFO, LogCategory.PIPELINE, message, null);
    position(job.id(), null, null);
  }

  /// The end of an execution; made from its row, which never changes once it is there.
  void end(Execution execution) {
    Instant completedAt = execution.completedAt();
    if (completedAt == null) {
      throw new IllegalArgumentException("execution " + execution.id() + " has not ended");
    }
    String errorClass = execution.errorClass() == null ? null : execution.errorClass().word();
    String status = execution.status().word();
    StringBuilder message = new StringBuilder("Execution ");
    message.append(execution.attempt()).append(' ').append(status);
    if (errorClass != null) {
      message.append(" (").append(errorClass).append(')');
    }
    if (execution.error() != null) {
      message.append(": ").append(execution.error());
    }
    LogLevel level =
        switch (execution.status()) {
          case FAILED -> LogLevel.ERROR;
          case INTERRUPTED -> LogLevel.WARN;
          case COMPLETED, QUEUED, RUNNING, WAITING -> LogLevel.INFO;
        };
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("status", status);
    data.put("durationMs", Math.max(0, execution.duration().toMillis()));
    data.put("errorClass", errorClass);
    data.put("exitCode", execution.exitCode());
    add(completedAt, level, LogCategory.PIPELINE, message.toString(), data);
    position(execution.jobId(), execution.attempt(), null);
  }

  /// An entry of the run itself: no execution has it.
  void runEntry(LogEntry entry) {
    add(
        rounded(entry.timestamp()),
        entry.level(),
        entry.category(),
        SafeText.storable(entry.message()),
        CanonicalJson.parse(entry.data()));
    jsonl.append(",\"jobId\":null,\"attempt\":null,\"seq\":").append(entry.seq()).append("}\n");
  }

  /// The database keeps microseconds, rounded.
  private static Instant rounded(Instant timestamp) {
    return timestamp.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
  }

  void entry(LogEntry entry) {
    String message = SafeText.storable(entry.message());
    JsonNode data = CanonicalJson.parse(entry.data());
    Instant timestamp = rounded(entry.timestamp());
    add(timestamp, entry.level(), entry.category(), message, data);
    position(entry.jobId(), entry.attempt(), entry.seq());
    if (entry.category() == LogCategory.TOOL && data != null) {
      toolCall(timestamp, data);
    }
  }

  private void add(
      Instant timestamp,
      LogLevel level,
      LogCategory category,
      String message,
      @Nullable JsonNode data) {
    String time = Timestamps.format(timestamp);
    jsonl.append("{\"timestamp\":\"").append(time);
    jsonl.append("\",\"level\":\"").append(level.word());
    jsonl.append("\",\"category\":\"").append(category.word()).append("\",\"message\":");
    CanonicalJson.quote(jsonl, message);
    jsonl.append(",\"data\":");
    int dataStart = jsonl.length();
    data(data);
    text.append('[').append(time).append("] [");
    text.append(level.word().toUpperCase(Locale.ROOT)).append("] [");
    text.append(category.word()).append("] ").append(SafeText.oneLine(message));
    String written = jsonl.substring(dataStart);
    if (!written.equals("null") && !written.equals("{}")) {
      text.append(' ').append(SafeText.oneLine(written));
    }
    text.append('\n');
  }

  private void data(@Nullable JsonNode data) {
    if (node == null) {
      if (data == null) {
        jsonl.append("null");
      } else {
        CanonicalJson.write(jsonl, data);
      }
      return;
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    if (data != null && data.isObject()) {
      data.properties().forEach(field -> all.set(field.getKey(), field.getValue()));
    } else if (data != null) {
      all.set("value", data);
    }
    all.put("node", node);
    CanonicalJson.write(jsonl, all);
  }

  private void position(long jobId, @Nullable Integer attempt, @Nullable Long seq) {
    jsonl.append(",\"jobId\":").append(jobId);
    jsonl.append(",\"attempt\":").append(attempt);
    jsonl.append(",\"seq\":").append(seq).append("}\n");
  }

  /// A finished call has a status; the entry at its beginning has none.
  private void toolCall(Instant timestamp, JsonNode data) {
    if (!TOOL_CALL.stream().allMatch(data::has)) {
      return;
    }
    toolCalls.append("{\"timestamp\":\"").append(Timestamps.format(timestamp));
    toolCalls.append("\",\"node\":");
    CanonicalJson.quote(toolCalls, node);
    for (String key : new String[] {"tool", "callId", "input", "output", "status", "durationMs"}) {
      toolCalls.append(",\"").append(key).append("\":");
      CanonicalJson.write(toolCalls, data.path(key));
    }
    toolCalls.append("}\n");
  }
}
