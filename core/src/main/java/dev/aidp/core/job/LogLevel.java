package dev.aidp.core.job;

import java.util.Locale;

/// In ascending order of weight.
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException for any other word
  public static LogLevel ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
