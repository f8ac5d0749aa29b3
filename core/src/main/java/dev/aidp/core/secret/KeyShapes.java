package dev.aidp.core.secret;

import dev.aidp.core.secret.SecretMask.Span;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What secrets look like that nobody has told us: keys of known makers, tokens in headers,
/// passwords in URLs, private keys.
///
/// Each look at a place either fails after a few characters or gives a span that is passed over
/// afterwards, so that the whole stays linear for any text.
final class KeyShapes {
  private static final int MOST_USER_INFO = 512;
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String PRIVATE = "PRIVATE KEY";

  /// A maker's mark, and how many characters of a key follow it at least.
  private record Maker(String mark, int least) {}

  private static final List<Maker> MAKERS =
      List.of(
          new Maker("sk-ant-", 8),
          new Maker("sk-proj-", 8),
          new Maker("sk-", 16),
          new Maker("sk_live_", 12),
          new Maker("sk_test_", 12),
          new Maker("rk_live_", 12),
          new Maker("AIza", 30),
          new Maker("ya29.", 20),
          new Maker("ghp_", 16),
          new Maker("gho_", 16),
          new Maker("ghu_", 16),
          new Maker("ghs_", 16),
          new Maker("ghr_", 16),
          new Maker("github_pat_", 16),
          new Maker("glpat-", 16),
          new Maker("npm_", 30),
          new Maker("hf_", 30),
          new Maker("gsk_", 30),
          new Maker("xai-", 30),
          new Maker("key_", 40),
          new Maker("xoxb-", 10),
          new Maker("xoxp-", 10),
          new Maker("xoxa-", 10),
          new Maker("xoxr-", 10),
          new Maker("xoxs-", 10),
          new Maker("xapp-", 10),
          new Maker("AKIA", 16),
          new Maker("ASIA", 16));

  private static final Map<String, List<Maker>> BY_BEGINNING = new TreeMap<>();

  static {
    for (Maker maker : MAKERS) {
      BY_BEGINNING.computeIfAbsent(maker.mark().substring(0, 3), _ -> new ArrayList<>()).add(maker);
    }
  }

  /// Header words after whose separator a token stands.
  private static final List<String> KEY_HEADERS =
      List.of("x-api-key", "x-goog-api-key", "api-key", "private-token");

  private KeyShapes() {}

  /// What all of them begin with, three characters at least.
  static List<String> anchors() {
    List<String> anchors = new ArrayList<>(BY_BEGINNING.keySet());
    anchors.addAll(KEY_HEADERS);
    anchors.addAll(List.of("bearer ", "basic ", "eyJ", "://", BEGIN));
    return anchors;
  }

  /// @param lowest before which everything is decided
  static @Nullable Span spanAt(String text, int at, int lowest) {
    return switch (text.charAt(at)) {
      case ':' -> text.startsWith("://", at) ? passwordOfUrl(text, at) : null;
      case '-' -> privateKey(text, at, lowest);
      case 'B', 'b' -> credentials(text, at);
      case 'e' -> jsonWebToken(text, at);
      default -> {
        Span header = headerValue(text, at);
        yield header != null ? header : key(text, at);
      }
    };
  }

  private static @Nullable Span key(String text, int at) {
    List<Maker> makers = BY_BEGINNING.get(text.substring(at, at + 3));
    if (makers == null || !isBoundary(text, at)) {
      return null;
    }
    for (Maker maker : makers) {
      if (text.startsWith(maker.mark(), at)) {
        int from = at + maker.mark().length();
        int end = endOfToken(text, from);
        // Of a key that was cut, less is enough.
        int least = SecretMask.isCutAt(text, end) ? Math.min(6, maker.least()) : maker.least();
        if (end - from >= least && (maker.least() < 12 || hasDigitOrCase(text, from, end))) {
          return new Span(at, end);
        }
      }
    }
    return null;
  }

  /// Words of a hyphenated name have neither.
  private static boolean hasDigitOrCase(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Span jsonWebToken(String text, int at) {
    if (!text.startsWith("eyJ", at) || !isBoundary(text, at)) {
      return null;
    }
    int header = endOfToken(text, at);
    if (header - at < 10 || header >= text.length() || text.charAt(header) != '.') {
      return null;
    }
    int payload = endOfToken(text, header + 1);
    if (payload - header < 5) {
      return null;
    }
    boolean signed = payload < text.length() && text.charAt(payload) == '.';
    return new Span(at, signed ? endOfToken(text, payload + 1) : payload);
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static int endOfToken(String text, int from) {
    int end = from;
    while (end < text.length() && isTokenCharacter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /// Whether a word may begin here: also behind an escaped character of JSON (`\n`) or of a URL
  /// (`%20`).
  private static boolean isBoundary(String text, int at) {
    if (at == 0 || !isTokenCharacter(text.charAt(at - 1))) {
      return true;
    }
    return (at >= 2 && text.charAt(at - 2) == '\\' && "ntrbf".indexOf(text.charAt(at - 1)) >= 0)
        || (at >= 3 && text.charAt(at - 3) == '%')
        || (at >= 6 && text.startsWith("\\u", at - 6));
  }

  /// `Bearer TOKEN` and `Basic BASE64`.
  private static @Nullable Span credentials(String text, int at) {
    boolean bearer = text.regionMatches(true, at, "bearer ", 0, 7);
    if (!bearer && !text.regionMatches(true, at, "basic ", 0, 6)) {
      return null;
    }
    int from = at + (bearer ? 7 : 6);
    int end = endOfCredential(text, from);
    boolean header = isAfterAuthorization(text, at);
    boolean secret =
        bearer ? end - from >= 8 && hasDigitOrCase(text, from + 1, end) : isBasic(text, from, end);
    return end > from && (header || secret) ? new Span(from, end) : null;
  }

  private static boolean isAfterAuthorization(String text, int at) {
    int before = Math.max(0, at - 24);
    return text.substring(before, at).toLowerCase(Locale.ROOT).contains("authorization");
  }

  private static int endOfCredential(String text, int from) {
    int end = from;
    while (end < text.length()
        && (isTokenCharacter(text.charAt(end)) || "./+~=".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return end;
  }

  private static boolean isBasic(String text, int from, int to) {
    if (to - from < 8 || to - from > 4 * MOST_USER_INFO) {
      return false;
    }
    try {
      for (byte b : Base64.getDecoder().decode(text.substring(from, to))) {
        if (b == ':') {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static @Nullable Span headerValue(String text, int at) {
    for (String header : KEY_HEADERS) {
      if (text.regionMatches(true, at, header, 0, header.length())) {
        int from = at + header.length();
        int separators = from;
        while (from < text.length()
            && from - separators < 6
            && " :=\"'\\".indexOf(text.charAt(from)) >= 0) {
          from++;
        }
        int end = endOfCredential(text, from);
        return from > separators && end - from >= 8 ? new Span(from, end) : null;
      }
    }
    return null;
  }

  /// The password in `scheme://user:password@host`.
  ///
  /// @param at of `://`
  static @Nullable Span passwordOfUrl(String text, int at) {
    int from = at + 3;
    int limit = Math.min(text.length(), from + MOST_USER_INFO);
    int colon = -1;
    int sign = -1;
    for (int i = from; i < limit && " \t\n\r/?#\"'<>\\`".indexOf(text.charAt(i)) < 0; i++) {
      if (text.charAt(i) == ':' && colon < 0) {
        colon = i;
      } else if (text.charAt(i) == '@') {
        sign = i;
      }
    }
    return colon >= 0 && sign > colon + 1 ? new Span(colon + 1, sign) : null;
  }

  /// A private key, whole or only its beginning or its end.
  private static @Nullable Span privateKey(String text, int at, int lowest) {
    boolean begin = text.startsWith(BEGIN, at);
    if (!begin && !text.startsWith(END, at)) {
      return null;
    }
    int label = at + (begin ? BEGIN : END).length();
    int dashes = text.indexOf("-----", label);
    int known = text.substring(label, Math.min(text.length(), label + 40)).indexOf(PRIVATE);
    if (dashes < 0 || dashes - label > 48 || known < 0 || label + known > dashes) {
      return null;
    }
    int after = dashes + 5;
    if (begin) {
      return new Span(at, endOfKey(text, after));
    }
    int from = at;
    while (from > lowest && isKeyText(text.charAt(from - 1))) {
      from--;
    }
    return new Span(from, after);
  }

  private static int endOfKey(String text, int from) {
    int end = from;
    while (end < text.length()) {
      if (text.startsWith(END, end)) {
        int dashes = text.indexOf("-----", end + END.length());
        return dashes >= 0 && dashes - end < 64 ? dashes + 5 : end + END.length();
      }
      boolean hyphen = text.charAt(end) == '-' && !text.startsWith("-----", end);
      if (!hyphen && !isKeyText(text.charAt(end))) {
        return end;
      }
      end++;
    }
    return end;
  }

  /// Base64 in lines, which may be written as escapes, with the headers of an encrypted key.
  private static boolean isKeyText(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "+/=\n\r\t \\:,".indexOf(c) >= 0;
  }
}
