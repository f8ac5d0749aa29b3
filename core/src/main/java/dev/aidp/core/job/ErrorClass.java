package dev.aidp.core.job;

import java.util.Locale;

/// Why an execution did not complete; decides whether it is tried again.
public enum ErrorClass {
  /// Overloaded, 5xx, network, a cut stream: retried with backoff.
  TRANSIENT,
  /// The provider's usage limit: waits for the reset, costs no attempt.
  USAGE_LIMIT,
  AUTH,
  /// Missing binary or workspace, untrusted folder, bad settings.
  CONFIG,
  INVALID_REQUEST,
  BUDGET,
  MAX_TURNS,
  TIMEOUT,
  /// No output for too long.
  STALLED,
  /// A command ended with an exit code other than 0.
  COMMAND_FAILED,
  /// The worker crashed or was shut down.
  WORKER_LOST,
  CANCELLED,
  REFUSED,
  UNKNOWN;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException for any other word
  public static ErrorClass ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
