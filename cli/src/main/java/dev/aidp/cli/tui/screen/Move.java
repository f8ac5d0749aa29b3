package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import java.util.List;

/// A movement in a list or a text.
enum Move {
  UP,
  DOWN,
  PAGE_UP,
  PAGE_DOWN,
  TOP,
  BOTTOM;

  private List<Key> keys() {
    return switch (this) {
      case UP -> List.of(Named.UP, Key.of('k'));
      case DOWN -> List.of(Named.DOWN, Key.of('j'));
      case PAGE_UP -> List.of(Named.PAGE_UP, new Key.Ctrl('b'));
      case PAGE_DOWN -> List.of(Named.PAGE_DOWN, new Key.Ctrl('f'));
      case TOP -> List.of(Key.of('g'), Named.HOME);
      case BOTTOM -> List.of(Key.of('G'), Named.END);
    };
  }

  /// The keys for all of them.
  ///
  /// @param hint what they do, in a word
  /// @param top what is at the top, in a few words
  static List<Binding<Action>> bindings(String hint, String top, String bottom) {
    return List.of(
        UP.bound("up", ""),
        DOWN.bound("down", hint),
        PAGE_UP.bound("a page up", ""),
        PAGE_DOWN.bound("a page down", ""),
        TOP.bound(top, ""),
        BOTTOM.bound(bottom, ""));
  }

  private Binding<Action> bound(String label, String hint) {
    return bind(action(), label, hint, keys().toArray(Key[]::new));
  }

  /// Whether it is what a key does.
  boolean isOn(Key key) {
    return keys().contains(key);
  }

  Action action() {
    return (ui, size) -> ui.top().moved(this, ui, size);
  }

  /// By how many rows, where a page has so many; the ends are as far as there are rows.
  int rows(int page) {
    return switch (this) {
      case UP -> -1;
      case DOWN -> 1;
      case PAGE_UP -> -page;
      case PAGE_DOWN -> page;
      case TOP -> -Integer.MAX_VALUE / 2;
      case BOTTOM -> Integer.MAX_VALUE / 2;
    };
  }
}
