package dev.aidp.worker.provider;

import dev.aidp.core.text.SafeText;

/// Cuts what an agent wrote to what a log can bear.
final class RawText {
  private static final int RAW_CHARS = 16 << 10;
  private static final int ERROR_CHARS = 500;

  private RawText() {}

  /// A raw line, as it is kept beside its meaning.
  static String capped(String text) {
    return capped(text, RAW_CHARS);
  }

  /// With a note of how much is missing.
  static String capped(String text, int chars) {
    return text.length() <= chars
        ? text
        : SafeText.storable(text.substring(0, chars))
            + " [cut: "
            + (text.length() - chars)
            + " more characters]";
  }

  /// One line for a table or an error.
  static String line(String text) {
    String line =
        SafeText.oneLine(
                text.length() > 4 * ERROR_CHARS ? text.substring(0, 4 * ERROR_CHARS) : text)
            .strip();
    return line.length() <= ERROR_CHARS
        ? line
        : SafeText.oneLine(line.substring(0, ERROR_CHARS)) + "…";
  }
}
