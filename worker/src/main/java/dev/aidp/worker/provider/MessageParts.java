package dev.aidp.worker.provider;

import org.jspecify.annotations.Nullable;

/// A message that comes in parts, with the lines that they came in.
final class MessageParts {
  private static final int MAX_RAW_CHARS = 16 << 10;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder raw = new StringBuilder();

  void add(String part, @Nullable String line) {
    text.append(part);
    if (line != null && raw.length() < MAX_RAW_CHARS) {
      raw.append(raw.isEmpty() ? "" : "\n").append(line);
    }
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text() {
    return text.toString();
  }

  String raw() {
    return RawText.capped(raw.toString());
  }

  void clear() {
    text.setLength(0);
    raw.setLength(0);
  }
}
