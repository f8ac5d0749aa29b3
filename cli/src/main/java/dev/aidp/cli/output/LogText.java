package dev.aidp.cli.output;

import dev.aidp.core.job.LogEntry;
import dev.aidp.core.text.SafeText;
import java.util.Locale;

/// Log entries for people who wait.
public final class LogText {
  private LogText() {}

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
