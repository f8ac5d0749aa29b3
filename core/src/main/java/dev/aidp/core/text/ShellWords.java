package dev.aidp.core.text;

import java.util.List;

/// Words as a POSIX shell takes them.
public final class ShellWords {
  private static final String SAFE = "_-./:=@%+,";

  private ShellWords() {}

  /// The words as one line that a shell would split into them again.
  public static String join(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      line.append(line.isEmpty() ? "" : " ").append(quote(word));
    }
    return line.toString();
  }

  /// One word, quoted where a shell would not take it as it is.
  public static String quote(String word) {
    boolean safe = !word.isEmpty();
    for (int i = 0; safe && i < word.length(); i++) {
      char c = word.charAt(i);
      safe =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || SAFE.indexOf(c) >= 0;
    }
    return safe ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
