package dev.aidp.core.price;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Prices by model. A pattern is a model's name, or its beginning with a `*`. Case does not matter,
/// nor how the parts of a name are joined: `Claude 4.5 Sonnet` is `claude-4-5-sonnet`; nor from
/// whom the model is had, as in `models/gemini-2.5-pro` or `us.anthropic.claude-opus-5`. The
/// longest pattern that fits decides, and of its prices the latest one.
public record PriceTable(List<Entry> entries) {
  public static final PriceTable EMPTY = new PriceTable(List.of());

  private static final Pattern HOST = Pattern.compile("^(?:.*/)?(?:[a-z-]*anthropic-)?");

  /// One line.
  ///
  /// @param since the first day, in UTC, on which the prices hold
  public record Entry(String pattern, LocalDate since, TokenPrices prices) {
    boolean fits(String model) {
      return pattern.endsWith("*")
          ? model.startsWith(pattern.substring(0, pattern.length() - 1))
          : model.equals(pattern);
    }
  }

  public PriceTable {
    List<Entry> ordered = new ArrayList<>();
    entries.forEach(
        entry -> ordered.add(new Entry(plain(entry.pattern()), entry.since(), entry.prices())));
    ordered.sort(
        Comparator.comparingInt((Entry entry) -> entry.pattern().length())
            .thenComparing(Entry::since)
            .reversed());
    entries = List.copyOf(ordered);
  }

  /// Reads lines of pattern, first day, input, cached input, output, separated by white space. What
  /// follows a `#` is a comment.
  ///
  /// @throws IllegalArgumentException if a line is none of these, with the line
  public static PriceTable parse(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines) {
      String content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        entries.add(entry(content));
      }
    }
    return new PriceTable(entries);
  }

  private static Entry entry(String line) {
    String[] words = line.split("\\s+", -1);
    try {
      TokenPrices prices =
          new TokenPrices(
              new BigDecimal(words[2]), new BigDecimal(words[4]), new BigDecimal(words[3]));
      return new Entry(words[0], LocalDate.parse(words[1]), prices);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("no line of prices: " + line, e);
    }
  }

  /// @param day in UTC
  /// @return empty for a model that is not known
  public Optional<TokenPrices> find(String model, LocalDate day) {
    String name = plain(model);
    return entries.stream()
        .filter(entry -> !entry.since().isAfter(day) && entry.fits(name))
        .map(Entry::prices)
        .findFirst();
  }

  private static String plain(String model) {
    String joined = model.toLowerCase(Locale.ROOT).replaceAll("[\\s._@]", "-");
    return HOST.matcher(joined).replaceFirst("");
  }
}
