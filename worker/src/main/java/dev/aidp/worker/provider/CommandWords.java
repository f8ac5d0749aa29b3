package dev.aidp.worker.provider;

import java.util.ArrayList;
import java.util.List;

/// Splits a command as a shell splits words: blanks, both kinds of quotes, backslashes. Nothing is
/// expanded, and no character is an operator.
public final class CommandWords {
  private CommandWords() {}

  /// @return at least one word; the first is not empty
  /// @throws IllegalArgumentException with a message for the user
  public static List<String> split(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    int i = 0;
    while (i < command.length()) {
      char c = command.charAt(i++);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> {
          if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
          }
        }
        case '\'' -> {
          i = singleQuoted(command, i, word);
          inWord = true;
        }
        case '"' -> {
          i = doubleQuoted(command, i, word);
          inWord = true;
        }
        case '\\' -> {
          if (i == command.length()) {
            throw new IllegalArgumentException("it ends in a backslash that escapes nothing");
          }
          char escaped = command.charAt(i++);
          if (escaped != '\n') {
            word.append(escaped);
            inWord = true;
          }
        }
        default -> {
          word.append(c);
          inWord = true;
        }
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("it names no program");
    }
    return List.copyOf(words);
  }

  private static int singleQuoted(String command, int start, StringBuilder word) {
    int end = command.indexOf('\'', start);
    if (end < 0) {
      throw unclosed('\'', start);
    }
    word.append(command, start, end);
    return end + 1;
  }

  private static int doubleQuoted(String command, int start, StringBuilder word) {
    int i = start;
    while (i < command.length()) {
      char c = command.charAt(i++);
      if (c == '"') {
        return i;
      }
      if (c == '\\' && i < command.length() && "$`\"\\\n".indexOf(command.charAt(i)) >= 0) {
        char escaped = command.charAt(i++);
        if (escaped != '\n') {
          word.append(escaped);
        }
      } else {
        word.append(c);
      }
    }
    throw unclosed('"', start);
  }

  private static IllegalArgumentException unclosed(char quote, int start) {
    return new IllegalArgumentException(
        "the quote " + quote + " at character " + start + " is never closed");
  }
}
