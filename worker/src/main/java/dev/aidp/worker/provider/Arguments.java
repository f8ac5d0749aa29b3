package dev.aidp.worker.provider;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The arguments of a call. Values may come from SQL, and must not turn into flags.
final class Arguments {
  private final List<String> words = new ArrayList<>();

  Arguments add(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /// A flag with a list in one word.
  ///
  /// @param values empty: nothing is added
  /// @throws IllegalArgumentException with a message for the user
  Arguments list(String flag, String what, List<String> values) {
    return values.isEmpty() ? this : option(flag, what, String.join(",", values));
  }

  Arguments add(List<String> more) {
    words.addAll(more);
    return this;
  }

  /// A flag with its value.
  ///
  /// @param what the value is, for the message
  /// @param value null: neither is added
  /// @throws IllegalArgumentException with a message for the user
  Arguments option(String flag, String what, @Nullable String value) {
    return value == null ? this : add(flag, noOption(what, value));
  }

  /// @throws IllegalArgumentException with a message for the user
  static String noOption(String what, String value) {
    if (value.startsWith("-") || value.isBlank()) {
      throw new IllegalArgumentException("'" + value + "' is no " + what);
    }
    return value;
  }

  List<String> words() {
    return List.copyOf(words);
  }
}
