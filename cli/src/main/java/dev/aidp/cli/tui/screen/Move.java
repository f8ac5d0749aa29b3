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

  /// The keys for all of them, in their order.
  ///
  /// @param hint what they do, in a word
  /// @param top what is at the top, in a few words
  static List<Binding<Action>> bindings(String hint, String top, String bottom) {
    return List.of(
        bind(UP.action(), "up", "", Named.UP, Key.of('k')),
        bind(DOWN.action(), "down", hint, Named.DOWN, Key.of('j')),
        bind(PAGE_UP.action(), "a page up", "", Named.PAGE_UP, new Key.Ctrl('b')),
        bind(PAGE_DOWN.action(), "a page down", "", Named.PAGE_DOWN, new Key.Ctrl('f')),
        bind(TOP.action(), top, "", Key.of('g'), Named.HOME),
        bind(BOTTOM.action(), bottom, "", Key.of('G'), Named.END));
  }

  /// Whether it is what a key does.
  boolean isOn(Key key) {
    return bindings("", "", "").get(ordinal()).keys().contains(key);
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
