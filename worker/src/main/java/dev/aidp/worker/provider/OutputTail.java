package dev.aidp.worker.provider;

/// Keeps the last MiB of what a command printed. Thread-safe.
final class OutputTail {
  static final int LIMIT_BYTES = 1 << 20;

  private final StringBuilder text = new StringBuilder();

  synchronized void line(String line) {
    text.append(line).append('\n');
    // No char is less than a byte, so this many hold all that can be asked for; trimming at twice
    // the limit copies each char once on average.
    if (text.length() > 2 * LIMIT_BYTES) {
      text.delete(0, text.length() - LIMIT_BYTES);
    }
  }

  /// The last line had no line feed.
  synchronized void endsInsideLine() {
    if (!text.isEmpty()) {
      text.setLength(text.length() - 1);
    }
  }

  /// At most the limit in UTF-8, beginning with a whole code point.
  synchronized String text() {
    int bytes = 0;
    int start = text.length();
    while (start > 0) {
      int codePoint = Character.codePointBefore(text, start);
      bytes += utf8Length(codePoint);
      if (bytes > LIMIT_BYTES) {
        break;
      }
      start -= Character.charCount(codePoint);
    }
    return text.substring(start);
  }

  private static int utf8Length(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
