package dev.aidp.cli.output;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import java.util.Locale;

/// Log entries as lines of `logs.txt`: `[timestamp] [LEVEL] [category] message {data}`.
public final class LogText {
  private LogText() {}

  public static String line(LogEntry entry) {
    String line =
        "["
            + Timestamps.format(entry.timestamp())
            + "] ["
            + entry.level().name()
            + "] ["
            + entry.category().word()
            + "] "
            + SafeText.oneLine(entry.message());
    return entry.data() == null || entry.data().equals("{}")
        ? line
        : line + " " + SafeText.oneLine(entry.data());
  }

  /// What a waiting user is shown of it: no time and no data.
  public static String progress(LogEntry entry) {
    return "["
        + entry.category().word()
        + (entry.level().name().equals("INFO")
            ? ""
            : " " + entry.level().name().toLowerCase(Locale.ROOT))
        + "] "
        + SafeText.oneLine(entry.message());
  }
}
