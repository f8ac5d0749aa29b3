package dev.aidp.core.job;

import java.util.Locale;

/// Who speaks in a log entry.
public enum LogCategory {
  /// A run, or a single job as one.
  PIPELINE,
  /// A node or a command: its output lines.
  NODE,
  /// What an agent said or thought.
  AGENT,
  /// A tool call of an agent.
  TOOL,
  /// aidp itself.
  SYSTEM;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException for any other word
  public static LogCategory ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
