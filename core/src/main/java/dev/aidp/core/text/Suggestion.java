package dev.aidp.core.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// What a mistyped word may have meant.
public final class Suggestion {
  private static final int MAX_LENGTH = 60;

  private Suggestion() {}

  /// The candidate that is nearest, if it is near enough to be meant: one slip in three letters.
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= slips(word))
        .min(Comparator.comparingInt(c -> distance(lower, c.toLowerCase(Locale.ROOT))));
  }

  private static int slips(String word) {
    return Math.max(1, word.length() / 3);
  }

  /// Letters to insert, remove or replace, or neighbours to swap.
  private static int distance(String from, String to) {
    int[][] slips = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : distance(from, to, i, j, slips);
      }
    }
    return slips[from.length()][to.length()];
  }

  private static int distance(String from, String to, int i, int j, int[][] slips) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int least = Math.min(slips[i - 1][j - 1] + (same ? 0 : 1), 1 + slips[i - 1][j]);
    least = Math.min(least, 1 + slips[i][j - 1]);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, 1 + slips[i - 2][j - 2]) : least;
  }
}
