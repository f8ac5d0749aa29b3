package dev.aidp.cli.job;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.LogText;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where the entries of a job go that is waited for.
final class LogSinks {
  private LogSinks() {}

  /// A command: its lines to the streams that they came from, as they were.
  static Consumer<LogEntry> command(Console console) {
    return entry -> {
      switch (stream(entry)) {
        case "stdout" -> console.out().println(entry.message());
        case "stderr" -> console.err().println(entry.message());
        default -> complain(console, entry);
      }
    };
  }

  /// What aidp itself has to say of a command matters only when something is wrong.
  private static void complain(Console console, LogEntry entry) {
    if (entry.level().compareTo(LogLevel.WARN) >= 0) {
      console.note(LogText.progress(entry));
    }
  }

  private static String stream(LogEntry entry) {
    String data = entry.data();
    if (entry.category() != LogCategory.NODE || data == null) {
      return "";
    }
    try {
      return JsonMapper.shared().readTree(data).path("stream").asString("");
    } catch (JacksonException e) {
      return "";
    }
  }

  /// An agent: what it says and does to stderr.
  static Consumer<LogEntry> agent(Console console) {
    return entry -> {
      if (entry.level() != LogLevel.DEBUG) {
        console.note(LogText.progress(entry));
      }
    };
  }

  static Consumer<LogEntry> none() {
    return entry -> {};
  }
}
