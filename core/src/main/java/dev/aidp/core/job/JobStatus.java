package dev.aidp.core.job;

import java.util.Locale;

/// How a job or a run stands. The mark accompanies the word everywhere: colour is never the only
/// sign.
public enum JobStatus {
  QUEUED("○", "o"),
  RUNNING("⟳", ">"),
  COMPLETED("✔", "+"),
  FAILED("✖", "x"),
  INTERRUPTED("⊘", "!"),
  /// For a dependency, an approval, a start time, a backoff or a usage limit.
  WAITING("◌", ".");

  private final String mark;
  private final String asciiMark;

  JobStatus(String mark, String asciiMark) {
    this.mark = mark;
    this.asciiMark = asciiMark;
  }

  public String mark() {
    return mark;
  }

  public String asciiMark() {
    return asciiMark;
  }

  /// The word in the database, in JSON and on screens.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether nothing more happens to it by itself.
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == INTERRUPTED;
  }

  /// @throws IllegalArgumentException for any other word
  public static JobStatus ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
