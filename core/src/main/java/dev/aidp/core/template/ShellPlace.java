package dev.aidp.core.template;

import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.ShellWords;
import java.util.List;

/// Where in a bash command a value stands, and how it is written there so that it stays data.
sealed interface ShellPlace {
  /// Between words, or as a part of one: each value is a quoted word of its own.
  ///
  /// @param beforeRedirection a bare number here would name a file descriptor
  record Plain(boolean beforeRedirection) implements ShellPlace {
    /// Bare, `NAME=value` could be an assignment, `a,b` two words of `{…}`, `-n` an operator of
    /// `[[`.
    private String quote(String value) {
      boolean bare =
          !beforeRedirection
              && !value.startsWith("-")
              && value.indexOf('=') < 0
              && value.indexOf(',') < 0;
      return bare ? ShellWords.quote(value) : "'" + value.replace("'", "'\\''") + "'";
    }
  }

  /// Inside the author's `'…'`, `"…"` or `$'…'`: the text stays within the author's quotes.
  enum Quotes implements ShellPlace {
    SINGLE,
    DOUBLE,
    ANSI_C
  }

  /// A line of a here-document in which the shell expands.
  record HereDocument() implements ShellPlace {}

  /// Never executed, as long as it stays on its line.
  record Comment() implements ShellPlace {}

  /// A place where nothing makes a value safe.
  ///
  /// @param why what is wrong, then what to write
  record Unsafe(String why) implements ShellPlace {}

  /// @param values the elements of a list, or one value
  /// @throws IllegalStateException for a place that is not safe
  default String write(List<String> values) {
    List<String> clean = values.stream().map(SafeText::storable).toList();
    String joined = String.join(" ", clean);
    return switch (this) {
      case Plain plain -> String.join(" ", clean.stream().map(plain::quote).toList());
      case Quotes quotes ->
          switch (quotes) {
            case SINGLE -> joined.replace("'", "'\\''");
            case DOUBLE -> escape(joined, "\\\"$`");
            case ANSI_C -> escape(joined, "\\'");
          };
      // One line for the shell, whatever the value: it can't hold the line that ends the document.
      case HereDocument _ ->
          "$(printf %s $'" + escape(joined, "\\'").replace("\n", "\\n").replace("\r", "\\r") + "')";
      case Comment _ -> joined.replace('\n', ' ').replace('\r', ' ');
      case Unsafe unsafe -> throw new IllegalStateException(unsafe.why());
    };
  }

  private static String escape(String text, String special) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (special.indexOf(text.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(text.charAt(i));
    }
    return out.toString();
  }
}
