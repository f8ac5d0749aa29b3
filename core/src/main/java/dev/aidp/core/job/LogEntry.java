package dev.aidp.core.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of an execution's log.
///
/// @param seq from 1 without a gap within the execution
/// @param data a JSON object as text, or null
public record LogEntry(
    long jobId,
    int attempt,
    long seq,
    Instant timestamp,
    LogLevel level,
    LogCategory category,
    String message,
    @Nullable String data) {
  private static final int OVERHEAD_BYTES = 120;

  /// Roughly how much memory it takes, at most.
  public long heapBytes() {
    return OVERHEAD_BYTES + 2L * (message.length() + (data == null ? 0 : data.length()));
  }
}
