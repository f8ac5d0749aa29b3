package dev.aidp.core.text;

import java.util.ArrayList;
import java.util.List;

/// Words as a POSIX shell splits and quotes them; nothing is ever expanded.
public final class ShellWords {
  private static final String SAFE = "_-./:=@%+,";

  private ShellWords() {}

  /// Splits at blanks outside of quotes; backslash, single and double quotes as in `sh`.
  ///
  /// @throws IllegalArgumentException with a message for the user, if a quote is left open
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == '\'') {
        quote = c == '\'' ? 0 : quote;
        append(word, c, c != '\'');
      } else if (c == '\\' && (quote == 0 || isEscapedInQuotes(line, i + 1))) {
        if (++i == line.length()) {
          throw new IllegalArgumentException("ends with a backslash");
        }
        inWord = inWord || line.charAt(i) != '\n';
        append(word, line.charAt(i), line.charAt(i) != '\n');
      } else if (quote == '"') {
        quote = c == '"' ? 0 : quote;
        append(word, c, c != '"');
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        inWord = true;
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("has an open " + quote + " quote");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean isEscapedInQuotes(String line, int i) {
    return i >= line.length() || "\"\\$`\n".indexOf(line.charAt(i)) >= 0;
  }

  private static void append(StringBuilder word, char c, boolean wanted) {
    if (wanted) {
      word.append(c);
    }
  }

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
