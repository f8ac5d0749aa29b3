package dev.aidp.cli.tui.draw;

import dev.aidp.core.text.SafeText;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/// Text measured in terminal cells. What came from outside passes through [#clean] first.
public final class CellText {
  private static final int TAB = 4;

  private CellText() {}

  /// One line that a terminal can be given: control characters and bidirectional overrides
  /// replaced, tabs as spaces, and without the invisible characters (joiners, variation selectors)
  /// on whose width terminals disagree.
  public static String clean(String text) {
    String safe = SafeText.oneLine(text);
    StringBuilder out = null;
    for (int i = 0; i < safe.length(); ) {
      int c = safe.codePointAt(i);
      int next = i + Character.charCount(c);
      if (isInvisible(c)) {
        if (out == null) {
          out = new StringBuilder(safe.length()).append(safe, 0, i);
        }
      } else if (out != null) {
        out.appendCodePoint(c);
      }
      i = next;
    }
    return out == null ? safe : out.toString();
  }

  /// The lines of a text, each cleaned; tabs go to the next stop.
  public static List<String> cleanLines(String text) {
    List<String> lines = new ArrayList<>();
    text.lines().forEach(line -> lines.add(clean(expandTabs(line))));
    return lines;
  }

  private static String expandTabs(String line) {
    if (line.indexOf('\t') < 0) {
      return line;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '\t') {
        out.repeat(' ', TAB - out.length() % TAB);
      } else {
        out.append(line.charAt(i));
      }
    }
    return out.toString();
  }

  private static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF);
  }

  /// Cells that a code point takes: 0, 1 or 2.
  public static int width(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint));
  }

  public static int width(String text) {
    return text.codePoints().map(CellText::width).sum();
  }

  /// The text with blanks behind it, in so many cells; a longer one as it is.
  public static String pad(String text, int cells) {
    return text + " ".repeat(Math.max(0, cells - width(text)));
  }

  /// The text if it fits, else its beginning with the ellipsis (one cell).
  public static String cut(String text, int cells, String ellipsis) {
    int used = 0;
    int keep = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int w = width(c);
      if (used + w > cells) {
        return cells <= 0 ? "" : text.substring(0, keep) + ellipsis;
      }
      used += w;
      i += Character.charCount(c);
      if (used <= cells - 1) {
        keep = i;
      }
    }
    return text;
  }

  /// Broken into pieces of at most so many cells, at spaces where there are some.
  public static List<String> wrap(String line, int cells) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < line.length()) {
      int end = fitting(line, from, cells);
      int space = end < line.length() ? line.lastIndexOf(' ', end) : -1;
      if (space > from + (end - from) / 2) {
        pieces.add(line.substring(from, space));
        from = space + 1;
      } else {
        pieces.add(line.substring(from, end));
        from = end;
      }
    }
    if (pieces.isEmpty()) {
      pieces.add("");
    }
    return pieces;
  }

  private static int fitting(String line, int from, int cells) {
    int used = 0;
    int i = from;
    while (i < line.length()) {
      int c = line.codePointAt(i);
      used += width(c);
      if (used > cells && i > from) {
        return i;
      }
      i += Character.charCount(c);
    }
    return i;
  }
}
