package dev.aidp.worker.provider;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Keeps what a provider reports, in order.
final class RecordedEvents implements Events {
  record Entry(LogLevel level, LogCategory category, String message, Map<String, ?> data) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<ToolCall> toolCalls = new ArrayList<>();
  private final List<String> sessions = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private Consumer<Entry> watcher = _ -> {};

  /// Is told of each entry, on the provider's thread.
  synchronized void watch(Consumer<Entry> consumer) {
    watcher = consumer;
  }

  @Override
  public synchronized void log(
      LogLevel level, LogCategory category, String message, Map<String, ?> data) {
    Entry entry = new Entry(level, category, message, data);
    entries.add(entry);
    watcher.accept(entry);
  }

  @Override
  public synchronized void toolCall(ToolCall call) {
    toolCalls.add(call);
  }

  @Override
  public synchronized void session(String sessionId) {
    sessions.add(sessionId);
  }

  @Override
  public synchronized void progress(String text) {
    progress.add(text);
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  synchronized List<String> messages(LogCategory category) {
    return entries.stream().filter(e -> e.category() == category).map(Entry::message).toList();
  }

  synchronized List<ToolCall> toolCalls() {
    return List.copyOf(toolCalls);
  }

  synchronized List<String> sessions() {
    return List.copyOf(sessions);
  }

  synchronized List<String> progressTexts() {
    return List.copyOf(progress);
  }
}
