package dev.aidp.core.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Follows a bash command just far enough to know in what quotes a place of it stands. Where it
/// can't be sure, it says so instead of guessing: no value is put there.
final class ShellLexer {
  private static final String BLANKS = " \t";
  private static final String META = " \t\n;&|<>()";

  private enum Kind {
    PARENTHESES,
    SUBSTITUTION,
    SINGLE,
    DOUBLE,
    ANSI_C,
    BACKTICKS,
    BRACES,
    ARITHMETIC,
    COMMENT
  }

  /// A here-document whose body has not ended.
  private record Document(String delimiter, boolean quoted, boolean stripTabs) {}

  private final Deque<Kind> open = new ArrayDeque<>();
  private final Queue<Document> awaited = new ArrayDeque<>();
  private final StringBuilder word = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private @Nullable Document document;
  private boolean codeInDocument;
  private boolean valueInLine;
  private int arithmeticDepth;
  private boolean bareDollar;
  private @Nullable String unsure;
  private String text = "";
  private int at;

  /// What the author wrote.
  void read(String literal) {
    text = literal;
    bareDollar = false;
    for (at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (document != null) {
        inDocument(document, c);
      } else if (open.isEmpty()) {
        plain(c);
      } else {
        inside(open.element(), c);
      }
    }
  }

  /// A value stands here; it is part of a word.
  void readValue() {
    word.append('x');
    valueInLine = true;
    bareDollar = false;
  }

  private void plain(char c) {
    if (c == '#' && word.isEmpty()) {
      open.push(Kind.COMMENT);
    } else if (META.indexOf(c) >= 0) {
      metacharacter(c);
    } else {
      partOfWord(c);
    }
  }

  private void metacharacter(char c) {
    if (word.toString().equals("case") && !open.isEmpty()) {
      unsure("stands after a case inside (…), whose end can't be told; move the case out of it");
    }
    boolean wasEmpty = word.isEmpty();
    word.setLength(0);
    switch (c) {
      case '\n' -> endLine();
      case '<' -> {
        if (text.startsWith("<<<", at)) {
          at += 2;
        } else if (text.startsWith("<<", at)) {
          hereDocument();
        }
      }
      case '(' -> {
        if (wasEmpty && text.startsWith("((", at)) {
          at++;
          beginArithmetic();
        } else {
          open.push(Kind.PARENTHESES);
        }
      }
      case ')' -> {
        // At the top it ends a pattern of a case.
        if (open.poll() == Kind.SUBSTITUTION) {
          word.append(c);
        }
      }
      default -> {}
    }
  }

  private void partOfWord(char c) {
    word.append(c);
    switch (c) {
      case '\\' -> at++;
      case '\'' -> open.push(Kind.SINGLE);
      case '"' -> open.push(Kind.DOUBLE);
      case '`' -> open.push(Kind.BACKTICKS);
      case '$' -> dollar(true);
      default -> {}
    }
  }

  private void dollar(boolean quotesToo) {
    if (text.startsWith("$((", at)) {
      at += 2;
      beginArithmetic();
    } else if (text.startsWith("$(", at)) {
      at++;
      word.setLength(0);
      open.push(Kind.SUBSTITUTION);
    } else if (text.startsWith("${", at)) {
      at++;
      open.push(Kind.BRACES);
    } else if (text.startsWith("$[", at)) {
      unsure("stands after $[…], which is obsolete; write $((…))");
    } else if (quotesToo && text.startsWith("$'", at)) {
      at++;
      open.push(Kind.ANSI_C);
    } else {
      bareDollar = at + 1 == text.length();
    }
  }

  private void beginArithmetic() {
    open.push(Kind.ARITHMETIC);
    arithmeticDepth = 2;
  }

  private void inside(Kind kind, char c) {
    switch (kind) {
      case SINGLE -> closeOn(c, '\'');
      case ANSI_C -> {
        skipEscaped(c);
        closeOn(c, '\'');
      }
      case DOUBLE -> {
        skipEscaped(c);
        closeOn(c, '"');
        expansion(c);
      }
      case BACKTICKS -> {
        skipEscaped(c);
        closeOn(c, '`');
      }
      case BRACES -> {
        if ("'\"`\\".indexOf(c) >= 0) {
          unsure("stands after a ${…} that holds quotes; assign it to a variable in a task before");
        }
        closeOn(c, '}');
        expansion(c);
      }
      case ARITHMETIC -> arithmetic(c);
      case COMMENT -> {
        if (c == '\n') {
          open.pop();
          plain(c);
        }
      }
      case PARENTHESES, SUBSTITUTION -> plain(c);
    }
  }

  private void closeOn(char c, char end) {
    if (c == end) {
      open.pop();
      word.append(c);
    }
  }

  private void skipEscaped(char c) {
    if (c == '\\') {
      at++;
    }
  }

  private void expansion(char c) {
    if (c == '`') {
      open.push(Kind.BACKTICKS);
    } else if (c == '$') {
      dollar(false);
    }
  }

  private void arithmetic(char c) {
    if ("'\"`\\\n$".indexOf(c) >= 0 && !isVariable(c)) {
      unsure("stands after a ((…)) that holds quotes or a substitution; use a variable there");
    }
    arithmeticDepth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (arithmeticDepth == 0) {
      open.pop();
      word.append(c);
    }
  }

  private boolean isVariable(char c) {
    return c == '$' && at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private void hereDocument() {
    at += 2;
    boolean stripTabs = at < text.length() && text.charAt(at) == '-';
    if (stripTabs) {
      at++;
    }
    while (at < text.length() && BLANKS.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    StringBuilder delimiter = new StringBuilder();
    boolean quoted = false;
    for (; at < text.length() && META.indexOf(text.charAt(at)) < 0; at++) {
      char c = text.charAt(at);
      if ("'\"\\".indexOf(c) >= 0) {
        quoted = true;
      } else {
        delimiter.append(c);
      }
    }
    if (delimiter.isEmpty() || at == text.length()) {
      unsure("stands after a here-document whose end can't be told; end it by a plain word");
    }
    awaited.add(new Document(delimiter.toString(), quoted, stripTabs));
    at--;
  }

  private void endLine() {
    line.setLength(0);
    valueInLine = false;
    codeInDocument = false;
    document = awaited.poll();
  }

  private void inDocument(Document current, char c) {
    if (c == '\n') {
      if (ends(current)) {
        endLine();
      }
      line.setLength(0);
      valueInLine = false;
      return;
    }
    line.append(c);
    boolean opensCode = c == '`' || (c == '$' && !isVariable(c) && followed('(', '{', '['));
    codeInDocument |= opensCode && !current.quoted();
  }

  private boolean followed(char... any) {
    for (char c : any) {
      if (at + 1 < text.length() && text.charAt(at + 1) == c) {
        return true;
      }
    }
    return false;
  }

  private boolean ends(Document current) {
    String ended = line.toString();
    if (current.stripTabs()) {
      ended = ended.replaceFirst("^\t+", "");
    }
    return !valueInLine && ended.equals(current.delimiter());
  }

  private void unsure(String why) {
    if (unsure == null) {
      unsure = why;
    }
  }

  /// Where a value would stand now.
  ///
  /// @param next the character after it; null if there is none, or another value
  ShellPlace place(@Nullable Character next) {
    if (unsure != null) {
      return new ShellPlace.Unsafe(unsure);
    }
    if (document != null) {
      return inDocument(document);
    }
    if (open.contains(Kind.BACKTICKS)) {
      return new ShellPlace.Unsafe("can't stand inside backticks; write $(…) instead of `…`");
    }
    if (bareDollar) {
      return new ShellPlace.Unsafe("can't stand right after a $; remove the $");
    }
    return switch (open.isEmpty() ? Kind.PARENTHESES : open.element()) {
      case PARENTHESES, SUBSTITUTION ->
          new ShellPlace.Plain(next != null && (next == '<' || next == '>'));
      case SINGLE -> ShellPlace.Quotes.SINGLE;
      case DOUBLE -> ShellPlace.Quotes.DOUBLE;
      case ANSI_C -> ShellPlace.Quotes.ANSI_C;
      case COMMENT -> new ShellPlace.Comment();
      case BRACES ->
          new ShellPlace.Unsafe("can't stand inside ${…}; assign it first: x={{…}}; then use $x");
      case ARITHMETIC ->
          new ShellPlace.Unsafe(
              "can't stand inside ((…)), where bash would run what is in it; check it in a task"
                  + " before");
      case BACKTICKS -> throw new IllegalStateException("refused above");
    };
  }

  private ShellPlace inDocument(Document current) {
    if (current.quoted()) {
      return new ShellPlace.Unsafe(
          "can't stand in a here-document whose delimiter is quoted; write <<"
              + current.delimiter()
              + " without quotes");
    }
    if (codeInDocument || line.toString().endsWith("$")) {
      return new ShellPlace.Unsafe(
          "can't stand after a $ or a substitution in a here-document; put it before that");
    }
    return new ShellPlace.HereDocument();
  }

  /// What is not closed at the end of the command; null if all is.
  @Nullable String open() {
    if (unsure != null) {
      return null;
    }
    if (document != null && ends(document)) {
      document = awaited.poll();
    }
    if (document != null || !awaited.isEmpty()) {
      Document missing = document == null ? awaited.element() : document;
      return "stands in a command whose here-document is not ended; add the line "
          + missing.delimiter();
    }
    open.remove(Kind.COMMENT);
    return open.isEmpty()
        ? null
        : "stands in a command whose "
            + name(open.element())
            + " is not closed; close it, since it decides how values are quoted";
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case PARENTHESES -> "( … )";
      case SUBSTITUTION -> "$( … )";
      case SINGLE -> "' … '";
      case DOUBLE -> "\" … \"";
      case ANSI_C -> "$' … '";
      case BACKTICKS -> "` … `";
      case BRACES -> "${ … }";
      case ARITHMETIC -> "(( … ))";
      case COMMENT -> "comment";
    };
  }
}
