package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Size;

/// What a key does on the screen that is shown.
@FunctionalInterface
interface Action {
  Step act(Ui ui, Size size);

  /// What a key does on one kind of screen.
  @FunctionalInterface
  interface On<S extends Screen> {
    Step act(S screen, Ui ui, Size size);
  }

  /// One that is bound on that kind of screen only.
  static <S extends Screen> Action of(Class<S> kind, On<S> on) {
    return (ui, size) -> on.act(kind.cast(ui.top()), ui, size);
  }
}
