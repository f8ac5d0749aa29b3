package dev.aidp.core.secret;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces secrets by `***`: the values of an environment that hold some, however they are
/// encoded, and whatever has the shape of a key. One pass over the text, whose cost per character
/// does not depend on how many secrets there are. Immutable.
public final class SecretMask {
  public static final String MASKED = "***";

  /// Knows no values, only what keys and headers look like.
  public static final SecretMask SHAPES = new SecretMask(KnownValues.NONE);

  /// A shorter beginning of a secret says too little to be worth a false alarm.
  static final int LEAST_PART = 8;

  private final KnownValues known;

  /// What something to mask may begin with.
  private final Filter filter = new Filter();

  /// What a text may begin with whose first secret began in another one.
  private final Filter endings = new Filter();

  private SecretMask(KnownValues known) {
    this.known = known;
    KeyShapes.anchors().forEach(filter::expect);
    known.beginnings().forEach(filter::expect);
    known.beginningsOfEndings().forEach(endings::expect);
  }

  /// Knows the secrets among the values of environments.
  @SafeVarargs
  public static SecretMask of(Map<String, String>... environments) {
    Set<String> values = new LinkedHashSet<>();
    for (Map<String, String> environment : environments) {
      values.addAll(SecretVariables.values(environment));
    }
    return values.isEmpty() ? SHAPES : new SecretMask(new KnownValues(values));
  }

  /// Lets through what begins with three expected characters, and little else: a bit for each of
  /// their hashes.
  private static final class Filter {
    private static final int BITS = 16;

    private final long[] slots = new long[1 << (BITS - 6)];

    void expect(String beginning) {
      int slot = slot(beginning, 0);
      slots[slot >>> 6] |= 1L << slot;
    }

    boolean lets(String text, int at) {
      int slot = slot(text, at);
      return (slots[slot >>> 6] & (1L << slot)) != 0;
    }

    /// Upper and lower case fold into one; whoever is let through is looked at closely.
    private static int slot(String text, int at) {
      int trigram =
          ((text.charAt(at) | 0x20) << 16)
              ^ ((text.charAt(at + 1) | 0x20) << 8)
              ^ (text.charAt(at + 2) | 0x20);
      return (trigram * 0x9E3779B1) >>> (32 - BITS);
    }
  }

  /// What is to be masked: from the first to before the last index.
  record Span(int from, int to) {}

  /// The text without its secrets; the same instance if it has none. A secret of which only the
  /// beginning or the end is here (a line or an answer was cut in two) is masked too, unless that
  /// part is shorter than 8 characters.
  public String mask(String text) {
    int length = text.length();
    boolean mayBeginInside = length >= LEAST_PART && endings.lets(text, 0);
    int end = mayBeginInside ? known.endOfLeadingPart(text) : 0;
    List<Span> spans = end > 0 ? new ArrayList<>(List.of(new Span(0, end))) : null;
    for (int i = end; i + 2 < length; i++) {
      Span span = filter.lets(text, i) ? spanAt(text, i, end) : null;
      if (span != null) {
        spans = spans == null ? new ArrayList<>() : spans;
        spans.add(span);
        end = span.to();
        i = end - 1;
      }
    }
    return spans == null ? text : replaced(text, spans);
  }

  private @Nullable Span spanAt(String text, int at, int lowest) {
    int knownEnd = known.endOfMatch(text, at);
    if (knownEnd > at) {
      return new Span(at, knownEnd);
    }
    return KeyShapes.spanAt(text, at, lowest);
  }

  private static String replaced(String text, List<Span> spans) {
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (Span span : spans) {
      out.append(text, copied, span.from()).append(MASKED);
      copied = span.to();
    }
    return out.append(text, copied, text.length()).toString();
  }

  /// Whether a text ends here, or was cut here: programs put ` [cut: …]`, `…` or `...` there.
  static boolean isCutAt(String text, int at) {
    return at >= text.length()
        || text.charAt(at) == '…'
        || text.startsWith(" [", at)
        || text.startsWith("...", at);
  }
}
