package dev.aidp.core.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The secrets that are known by their value, in every form in which they may be written.
final class KnownValues {
  private static final int LONGEST_WITH_ENDINGS = 512;

  static final KnownValues NONE = new KnownValues(Set.of());

  /// Longest first, by their first characters, of which every value and every form has enough.
  private final Map<String, List<String>> byBeginning = new HashMap<>();

  /// The ends that a value may leave at the beginning of a text, by their first characters.
  private final Map<String, List<Ending>> endings = new HashMap<>();

  private record Ending(String value, int from) {
    boolean isStartOf(String text) {
      return text.regionMatches(0, value, from, value.length() - from);
    }
  }

  KnownValues(Set<String> values) {
    Set<String> forms = new LinkedHashSet<>();
    for (String value : values) {
      forms.addAll(ValueForms.of(value));
      if (value.length() <= LONGEST_WITH_ENDINGS) {
        addEndings(value);
      }
    }
    forms.forEach(form ->
        byBeginning
            .computeIfAbsent(form.substring(0, SecretMask.LEAST_PART), _ -> new ArrayList<>(1))
            .add(form));
    Comparator<String> longestFirst = Comparator.comparingInt(String::length).reversed();
    byBeginning.values().forEach(list -> list.sort(longestFirst));
  }

  /// Not those that are nothing but a word: it may stand anywhere.
  private void addEndings(String value) {
    for (int i = 1; i + SecretMask.LEAST_PART <= value.length(); i++) {
      if (!value.chars().skip(i).allMatch(Character::isLetter)) {
        endings
            .computeIfAbsent(value.substring(i, i + SecretMask.LEAST_PART), _ -> new ArrayList<>(1))
            .add(new Ending(value, i));
      }
    }
  }

  Collection<String> beginnings() {
    return byBeginning.keySet();
  }

  Collection<String> beginningsOfEndings() {
    return endings.keySet();
  }

  /// Where a value ends that begins here, or at least half of it does, or any part worth masking
  /// before the text was cut; else `at`.
  int endOfMatch(String text, int at) {
    int longest = at;
    int known = at + SecretMask.LEAST_PART;
    if (byBeginning.isEmpty() || known > text.length()) {
      return at;
    }
    for (String form : byBeginning.getOrDefault(text.substring(at, known), List.of())) {
      int same = commonLength(text, at, form);
      if (same == form.length()) {
        return at + same;
      }
      boolean telling = 2 * same >= form.length() || SecretMask.isCutAt(text, at + same);
      if (telling) {
        longest = Math.max(longest, at + same);
      }
    }
    return longest;
  }

  private static int commonLength(String text, int at, String form) {
    int limit = Math.min(form.length(), text.length() - at);
    int same = 0;
    while (same < limit && text.charAt(at + same) == form.charAt(same)) {
      same++;
    }
    return same;
  }

  /// Where the end of a value is over that the text begins with; 0 if it begins with none.
  ///
  /// @param text of 8 characters at least
  int endOfLeadingPart(String text) {
    for (Ending ending :
        endings.getOrDefault(text.substring(0, SecretMask.LEAST_PART), List.of())) {
      if (ending.isStartOf(text)) {
        return ending.value().length() - ending.from();
      }
    }
    return 0;
  }
}
