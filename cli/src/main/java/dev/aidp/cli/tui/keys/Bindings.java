package dev.aidp.cli.tui.keys;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The live key map of a screen: keys are looked up here, and its help is made from it.
///
/// @param <A> what a key does
public record Bindings<A>(List<Binding<A>> all) {
  public Bindings {
    all = List.copyOf(all);
  }

  /// @param label what it does, in a few words
  /// @param hint the same in one word for the last line of the screen; empty: only in the help
  /// @param vital whether the hint stays where there is no room for all of them
  public record Binding<A>(A action, String label, String hint, boolean vital, List<Key> keys) {
    public Binding {
      keys = List.copyOf(keys);
    }

    /// Its keys, such as `↓ j`.
    public String keysShown(boolean ascii) {
      return keys.stream().map(key -> key.label(ascii)).collect(Collectors.joining(" "));
    }
  }

  public static <A> Binding<A> bind(A action, String label, String hint, Key... keys) {
    return new Binding<>(action, label, hint, false, List.of(keys));
  }

  /// As [#bind], with a hint that is always shown.
  public static <A> Binding<A> vital(A action, String label, String hint, Key... keys) {
    return new Binding<>(action, label, hint, true, List.of(keys));
  }

  public Optional<A> find(Key key) {
    return all.stream()
        .filter(binding -> binding.keys().contains(key))
        .map(Binding::action)
        .findFirst();
  }
}
