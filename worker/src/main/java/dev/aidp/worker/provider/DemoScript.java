package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the directives in a prompt, `[[demo: key=value …]]`, make the demo provider do. Of several
/// directives the later ones count, but each `answer` has its turn.
///
/// @param delay how long it takes in all; null: a moment
/// @param lines messages that it streams
/// @param tools tool calls that it pretends to make
/// @param fail how it fails; null: it succeeds
/// @param times executions that fail before one succeeds
/// @param reset with `fail=usage_limit`: when the limit ends; null: unknown
/// @param hang whether it never ends by itself
/// @param answers its final answer, then those that it gives when it is asked again; empty: one
///   made from the prompt
record DemoScript(
    @Nullable Duration delay,
    int lines,
    int tools,
    @Nullable ErrorClass fail,
    int times,
    @Nullable Duration reset,
    boolean hang,
    List<String> answers) {

  DemoScript {
    answers = List.copyOf(answers);
  }

  private static final DemoScript PLAIN =
      new DemoScript(null, 3, 1, null, Integer.MAX_VALUE, null, false, List.of());
  private static final String OPENING = "[[demo:";
  private static final int MAX_COUNT = 10_000_000;

  /// @throws IllegalArgumentException with a message for the user: an unknown key, a bad value, a
  ///   directive without an end
  static DemoScript of(String prompt) {
    DemoScript script = PLAIN;
    int at = prompt.indexOf(OPENING);
    while (at >= 0) {
      Reader reader = new Reader(prompt, at + OPENING.length());
      while (!reader.atEnd()) {
        script = script.with(reader.key(), reader.value());
      }
      at = prompt.indexOf(OPENING, reader.position);
    }
    if (script.times != Integer.MAX_VALUE && script.fail == null) {
      throw new IllegalArgumentException("demo: times=… needs fail=CLASS");
    }
    if (script.reset != null && script.fail != ErrorClass.USAGE_LIMIT) {
      throw new IllegalArgumentException("demo: reset=… needs fail=usage_limit");
    }
    return script;
  }

  /// The prompt without its directives.
  static String withoutDirectives(String prompt) {
    StringBuilder rest = new StringBuilder();
    int from = 0;
    int at = prompt.indexOf(OPENING);
    while (at >= 0) {
      rest.append(prompt, from, at);
      Reader reader = new Reader(prompt, at + OPENING.length());
      while (!reader.atEnd()) {
        reader.key();
        reader.value();
      }
      from = reader.position;
      at = prompt.indexOf(OPENING, from);
    }
    return rest.append(prompt, from, prompt.length()).toString().strip();
  }

  /// @param number times that another answer was asked for; the last one is repeated
  /// @return null if it is to make one from the prompt
  @Nullable String answer(int number) {
    return answers.isEmpty() ? null : answers.get(Math.min(number, answers.size() - 1));
  }

  boolean fails(int execution) {
    return fail != null && execution <= times;
  }

  private DemoScript with(String key, String value) {
    return switch (key) {
      case "delay" ->
          new DemoScript(duration(key, value), lines, tools, fail, times, reset, hang, answers);
      case "lines" ->
          new DemoScript(delay, count(key, value, 0), tools, fail, times, reset, hang, answers);
      case "tools" ->
          new DemoScript(delay, lines, count(key, value, 0), fail, times, reset, hang, answers);
      case "fail" ->
          new DemoScript(delay, lines, tools, errorClass(value), times, reset, hang, answers);
      case "times" ->
          new DemoScript(delay, lines, tools, fail, count(key, value, 1), reset, hang, answers);
      case "reset" ->
          new DemoScript(delay, lines, tools, fail, times, duration(key, value), hang, answers);
      case "hang" -> new DemoScript(delay, lines, tools, fail, times, reset, truth(value), answers);
      case "answer" -> {
        List<String> more = new ArrayList<>(answers);
        more.add(value);
        yield new DemoScript(delay, lines, tools, fail, times, reset, hang, more);
      }
      default ->
          throw new IllegalArgumentException(
              "demo: unknown key '"
                  + SafeText.oneLine(key)
                  + "'; there are delay, lines, tools, fail, times, reset, hang and answer");
    };
  }

  private static Duration duration(String key, String value) {
    try {
      return Durations.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "demo: " + key + ": " + SafeText.oneLine(String.valueOf(e.getMessage())), e);
    }
  }

  private static int count(String key, String value, int least) {
    try {
      int count = Integer.parseInt(value);
      if (count >= least && count <= MAX_COUNT) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Answered below, as a number out of range is.
    }
    throw new IllegalArgumentException(
        "demo: %s=%s is not a number from %d to %d"
            .formatted(key, SafeText.oneLine(value), least, MAX_COUNT));
  }

  private static ErrorClass errorClass(String value) {
    try {
      return ErrorClass.ofWord(value);
    } catch (IllegalArgumentException e) {
      String words =
          Arrays.stream(ErrorClass.values())
              .map(ErrorClass::word)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "demo: fail=" + SafeText.oneLine(value) + " is no error class; there are " + words, e);
    }
  }

  private static boolean truth(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "demo: hang=" + SafeText.oneLine(value) + " is neither true nor false");
    };
  }

  /// Reads `key=value …` up to the closing brackets. A quoted value may hold anything.
  private static final class Reader {
    private final String text;
    private int position;

    Reader(String text, int position) {
      this.text = text;
      this.position = position;
    }

    /// Passes over spaces, and over the closing brackets if they come next.
    boolean atEnd() {
      while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
        position++;
      }
      if (text.startsWith("]]", position)) {
        position += 2;
        return true;
      }
      if (position >= text.length()) {
        throw new IllegalArgumentException("demo: a directive [[demo: … has no closing ]]");
      }
      return false;
    }

    String key() {
      int start = position;
      while (position < text.length() && isWord(text.charAt(position))) {
        position++;
      }
      String key = text.substring(start, position);
      if (key.isEmpty() || position >= text.length() || text.charAt(position) != '=') {
        String found = key.isEmpty() ? text.substring(start, start + 1) : key;
        throw new IllegalArgumentException(
            "demo: expected key=value at '" + SafeText.oneLine(found) + "'");
      }
      position++;
      return key;
    }

    String value() {
      char first = position < text.length() ? text.charAt(position) : ' ';
      return first == '"' || first == '\'' ? quoted(first) : plain();
    }

    private String plain() {
      int start = position;
      while (position < text.length()
          && !Character.isWhitespace(text.charAt(position))
          && !text.startsWith("]]", position)) {
        position++;
      }
      return text.substring(start, position);
    }

    private String quoted(char quote) {
      StringBuilder value = new StringBuilder();
      position++;
      while (position < text.length() && text.charAt(position) != quote) {
        char c = text.charAt(position++);
        if (c == '\\' && position < text.length()) {
          char escaped = text.charAt(position++);
          value.append(escaped == 'n' ? '\n' : escaped);
        } else {
          value.append(c);
        }
      }
      if (position >= text.length()) {
        throw new IllegalArgumentException("demo: a quoted value has no closing " + quote);
      }
      position++;
      return value.toString();
    }

    private static boolean isWord(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }
  }
}
