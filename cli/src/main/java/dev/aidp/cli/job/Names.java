package dev.aidp.cli.job;

import dev.aidp.core.text.SafeText;

/// What jobs are called in tables.
public final class Names {
  private static final int MAX_LENGTH = 120;

  private Names() {}

  /// The first line that is not blank, at most 120 characters of it.
  public static String ofText(String text) {
    int start = 0;
    while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    int end = text.indexOf('\n', start);
    String line = text.substring(start, end < 0 ? text.length() : end);
    if (line.length() > MAX_LENGTH) {
      int cut = Character.isHighSurrogate(line.charAt(MAX_LENGTH - 2)) ? 2 : 1;
      line = line.substring(0, MAX_LENGTH - cut) + "…";
    }
    return SafeText.oneLine(line.strip());
  }
}
