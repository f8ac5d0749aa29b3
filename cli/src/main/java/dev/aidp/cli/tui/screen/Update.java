package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.screen.Step.Effect;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import dev.aidp.core.error.AidpException;
import java.time.Instant;
import java.util.Optional;

/// What an event makes of the state.
public final class Update {
  private static final int INTERRUPTED = 130;
  private static final int HUNG_UP = 129;

  private Update() {}

  public static Step on(Event event, Ui before, Size size, Instant now) {
    Ui ui = before.at(now);
    return switch (event) {
      case Event.Pressed(Key key) -> pressed(key, ui.withNotice(""), size);
      case Event.Resized _, Event.Tick _ -> Step.to(ui);
      case Event.Interrupted _ -> leave(ui, INTERRUPTED, false);
      case Event.HungUp _ -> leave(ui, HUNG_UP, false);
      case Event.Answered(Snapshot snapshot) -> Step.to(answered(ui, snapshot, size));
      case Event.Failed(AidpException failure) ->
          Step.to(ui.withLink(ui.link().failed(text(failure))));
      case Event.Performed performed -> Step.notice(ui, text(performed));
      case Event.Noted(String text) -> Step.notice(ui, CellText.clean(text));
    };
  }

  private static Step leave(Ui ui, int exitCode, boolean farewell) {
    return new Step(ui, new Effect.Leave(exitCode, farewell));
  }

  private static Ui answered(Ui ui, Snapshot snapshot, Size size) {
    Screen before = ui.top();
    Screen after = before.accept(snapshot, size);
    boolean changed = !snapshot.overview().equals(ui.overview()) || Changes.between(before, after);
    Ui next =
        ui.withTop(after)
            .withOverview(snapshot.overview())
            .withLink(ui.link().answered(ui.now(), snapshot.latency()));
    if (ui.link().problem() != null) {
      // What was said while the database was away was about that.
      next = next.withNotice("");
    }
    return changed ? next.withChangedAt(ui.now()) : next;
  }

  private static String text(Event.Performed performed) {
    AidpException failure = performed.failure();
    return failure == null ? performed.what() : text(failure);
  }

  private static String text(AidpException failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String remedy = failure.remedy();
    return CellText.clean(remedy == null ? message : message + "; " + remedy);
  }

  private static Step pressed(Key key, Ui ui, Size size) {
    if (key.equals(new Key.Ctrl('c'))) {
      return leave(ui, INTERRUPTED, false);
    }
    return switch (ui.overlay()) {
      case Overlay.Confirm confirm -> answer(key, confirm, ui);
      case Overlay.Help(int scroll) -> help(key, scroll, ui, size);
      case null -> act(key, ui, size);
    };
  }

  private static Step answer(Key key, Overlay.Confirm confirm, Ui ui) {
    if (key.equals(Key.of('y')) || key.equals(Key.of('Y'))) {
      return ask(ui.withOverlay(null), confirm.request());
    }
    if (key.equals(Key.of('n')) || key.equals(Key.of('N')) || key == Key.Named.ESCAPE) {
      return Step.notice(ui.withOverlay(null), confirm.refused());
    }
    return Step.to(ui);
  }

  private static Step help(Key key, int scroll, Ui ui, Size size) {
    Optional<Action> action = ui.top().bindings().find(key);
    if (action.isEmpty()) {
      return Step.to(ui);
    }
    int page = HelpBox.height(ui.top().bindings().all(), size);
    return switch (action.get()) {
      case UP -> Step.to(ui.withOverlay(HelpBox.at(scroll - 1, ui, size)));
      case DOWN -> Step.to(ui.withOverlay(HelpBox.at(scroll + 1, ui, size)));
      case PAGE_UP -> Step.to(ui.withOverlay(HelpBox.at(scroll - page, ui, size)));
      case PAGE_DOWN -> Step.to(ui.withOverlay(HelpBox.at(scroll + page, ui, size)));
      case HELP, BACK, QUIT, OPEN_LOGS -> Step.to(ui.withOverlay(null));
      case REDRAW -> new Step(ui, new Effect.Redraw());
      case SUSPEND -> new Step(ui, new Effect.Suspend());
      case LEAVE -> leave(ui, INTERRUPTED, false);
      case TOP, BOTTOM, OPEN_METADATA, RETRY, CANCEL, RESUME -> Step.to(ui);
      case TAB_LOGS, TAB_ATTEMPTS, TAB_TOOLS, TAB_METADATA, NEXT_TAB, FOLLOW, WRAP -> Step.to(ui);
    };
  }

  private static Step act(Key key, Ui ui, Size size) {
    Optional<Action> action = ui.top().bindings().find(key);
    if (action.isEmpty()) {
      return Step.notice(ui, "%s does nothing here; ? shows the keys".formatted(key.label(true)));
    }
    return switch (action.get()) {
      case HELP -> Step.to(ui.withOverlay(new Overlay.Help(0)));
      case REDRAW -> new Step(ui, new Effect.Redraw());
      case SUSPEND -> new Step(ui, new Effect.Suspend());
      case QUIT -> leave(ui, 0, true);
      case LEAVE -> leave(ui, INTERRUPTED, false);
      case BACK ->
          ui.path().size() == 1
              ? Step.notice(ui, "this is the outermost screen; q leaves")
              : Step.to(ui.pop());
      case UP, DOWN, PAGE_UP, PAGE_DOWN, TOP, BOTTOM -> ui.top().act(action.get(), ui, size);
      case OPEN_LOGS, OPEN_METADATA, RETRY, CANCEL, RESUME -> ui.top().act(action.get(), ui, size);
      case TAB_LOGS, TAB_ATTEMPTS, TAB_TOOLS, TAB_METADATA, NEXT_TAB, FOLLOW, WRAP ->
          ui.top().act(action.get(), ui, size);
    };
  }

  /// Asks for an action, or says why that is no use now.
  static Step ask(Ui ui, dev.aidp.cli.tui.data.Request request) {
    if (ui.isDown()) {
      String why = ui.link().problem();
      return Step.notice(ui, "not done: " + (why == null ? "the database does not answer" : why));
    }
    return new Step(ui, new Effect.Ask(request));
  }
}
