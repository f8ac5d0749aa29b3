package dev.aidp.core.job;

import java.util.Locale;

/// What a headless agent may do without asking; each provider maps it to its own modes.
public enum Permissions {
  READ,
  EDIT,
  ALL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException for any other word
  public static Permissions ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
