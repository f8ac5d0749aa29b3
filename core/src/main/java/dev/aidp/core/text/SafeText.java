package dev.aidp.core.text;

/// Makes text from outside fit for a place that it could harm.
public final class SafeText {
  private static final char REPLACEMENT = '\uFFFD';

  private SafeText() {}

  /// For PostgreSQL: NUL and lone surrogates become U+FFFD (one of them would poison a whole
  /// batch). Returns the same instance when there is nothing to replace.
  public static String storable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return replaceUnstorable(text, i);
      }
    }
    return text;
  }

  private static String replaceUnstorable(String text, int from) {
    StringBuilder out = new StringBuilder(text);
    for (int i = from; i < out.length(); i++) {
      char c = out.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < out.length()
          && Character.isLowSurrogate(out.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        out.setCharAt(i, REPLACEMENT);
      }
    }
    return out.toString();
  }

  /// For a `jsonb` column: as [#storable], also for what is written as an escape (`\\u0000`), which
  /// PostgreSQL refuses as well.
  ///
  /// @param json well-formed JSON
  public static String storableJson(String json) {
    String text = storable(json);
    int escape = text.indexOf("\\u");
    if (escape < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = text.indexOf('\\'); i >= 0 && i + 1 < out.length(); i = next(out, i)) {
      int unit = escapedUnit(out, i);
      if (unit < 0 || (unit != 0 && !Character.isSurrogate((char) unit))) {
        continue;
      }
      int second = Character.isHighSurrogate((char) unit) ? escapedUnit(out, i + 6) : -1;
      if (second >= 0 && Character.isLowSurrogate((char) second)) {
        i += 6;
      } else {
        out.replace(i + 2, i + 6, "fffd");
      }
    }
    return out.toString();
  }

  /// The backslash after the escape that begins here; -1 at the end.
  private static int next(StringBuilder json, int escape) {
    return json.indexOf("\\", escape + 2);
  }

  /// The UTF-16 unit that an escape of four digits stands for; -1 if there is none.
  private static int escapedUnit(StringBuilder json, int at) {
    if (at + 6 > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /// For a line of a terminal or of `logs.txt`: line ends and tabs become spaces, every other
  /// control character its symbol (U+2400 …) or U+FFFD, and bidirectional overrides U+FFFD.
  public static String oneLine(String text) {
    return clean(text, false);
  }

  /// As [#oneLine], but line feeds stay, and a tab stays a tab.
  public static String lines(String text) {
    return clean(text, true);
  }

  private static String clean(String text, boolean keepLines) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char shown = shown(c, keepLines);
      if (Character.isSurrogate(c)) {
        shown = isPaired(text, i) ? c : REPLACEMENT;
      }
      if (shown != c && out == null) {
        out = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (out != null) {
        out.append(shown);
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isPaired(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static char shown(char c, boolean keepLines) {
    if (c == '\n' || c == '\t') {
      return keepLines ? c : ' ';
    }
    if (c < 0x20) {
      return c == '\r' && !keepLines ? ' ' : (char) (0x2400 + c);
    }
    if (c == 0x7F) {
      return '\u2421';
    }
    boolean harmful =
        (c >= 0x80 && c <= 0x9F)
            || (c >= 0x202A && c <= 0x202E)
            || (c >= 0x2066 && c <= 0x2069)
            || c == 0x200E
            || c == 0x200F
            || c == 0x061C
            || c == 0x2028
            || c == 0x2029;
    return harmful ? REPLACEMENT : c;
  }
}
