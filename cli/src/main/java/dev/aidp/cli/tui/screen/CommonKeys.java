package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;
import static dev.aidp.cli.tui.keys.Bindings.vital;

import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.cli.tui.screen.Step.Effect;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys that every screen has.
final class CommonKeys {
  private static final int INTERRUPTED = 130;

  private static final List<Binding<Action>> ALL =
      List.of(
          bind(CommonKeys::openCommand, "type a command", "command", Key.of(':')),
          bind(CommonKeys::copy, "copy what is selected", "", Key.of('y')),
          bind(CommonKeys::mouse, "mouse on or off", "", Key.of('m')),
          bind((ui, _) -> new Step(ui, new Effect.Redraw()), "draw anew", "", new Key.Ctrl('l')),
          bind((ui, _) -> new Step(ui, new Effect.Suspend()), "suspend", "", new Key.Ctrl('z')),
          bind(CommonKeys::leaveAtOnce, "leave at once", "", new Key.Ctrl('c')),
          vital(
              (ui, _) -> Step.to(ui.withOverlay(new Overlay.Help(0))),
              "these keys",
              "help",
              Key.of('?')));

  private CommonKeys() {}

  /// The keys of a screen: its movements, its own, those of every screen, and the way back.
  static Bindings<Action> with(
      List<Binding<Action>> moves, List<Binding<Action>> own, List<Binding<Action>> way) {
    List<Binding<Action>> all = new ArrayList<>(moves);
    all.addAll(own);
    all.addAll(ALL);
    all.addAll(way);
    return new Bindings<>(all);
  }

  /// One level up.
  static Binding<Action> back(String label, Key... more) {
    List<Key> keys = new ArrayList<>(List.of(Named.ESCAPE));
    keys.addAll(List.of(more));
    return vital((ui, _) -> ui.top().back(ui), label, "back", keys.toArray(Key[]::new));
  }

  /// As [#back], where another key is the usual way out.
  static Binding<Action> up(String label) {
    return bind((ui, _) -> ui.top().back(ui), label, "", Named.ESCAPE);
  }

  static Binding<Action> quit() {
    return vital((ui, _) -> leave(ui, 0, true), "leave; jobs keep running", "quit", Key.of('q'));
  }

  static Step leave(Ui ui, int exitCode, boolean farewell) {
    return new Step(ui, new Effect.Leave(exitCode, farewell));
  }

  static Step leaveAtOnce(Ui ui, Size size) {
    return leave(ui, INTERRUPTED, false);
  }

  private static Step openCommand(Ui ui, Size size) {
    return Step.to(ui.withOverlay(new Overlay.Input(Prompt.COMMAND, LineInput.EMPTY)));
  }

  private static Step copy(Ui ui, Size size) {
    Optional<Clip> clip = ui.top().clip(size);
    return clip.map(
            some -> new Step(ui.withNotice("copied " + some.name()), new Effect.Copy(some.text())))
        .orElseGet(() -> Step.notice(ui, "there is nothing here to be copied"));
  }

  private static Step mouse(Ui ui, Size size) {
    boolean on = !ui.memory().mouse();
    String notice = on ? "mouse on: click selects, the wheel scrolls" : "mouse off";
    return new Step(
        ui.withMemory(ui.memory().withMouse(on)).withNotice(notice), new Effect.Mouse(on));
  }
}
