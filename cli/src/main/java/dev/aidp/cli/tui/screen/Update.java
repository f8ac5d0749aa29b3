package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.screen.Step.Effect;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import dev.aidp.core.error.AidpException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What an event makes of the state.
public final class Update {
  private static final int INTERRUPTED = 130;
  private static final int HUNG_UP = 129;
  private static final int WHEEL_ROWS = 3;

  private Update() {}

  public static Step on(Event event, Ui before, Size size, Instant now) {
    Ui ui = before.at(now);
    return switch (event) {
      case Event.Pressed(Key key) -> pressed(key, ui.withNotice(""), size);
      case Event.Resized _, Event.Tick _ -> Step.to(ui);
      case Event.Interrupted _ -> CommonKeys.leave(ui, INTERRUPTED, false);
      case Event.HungUp _ -> CommonKeys.leave(ui, HUNG_UP, false);
      case Event.Answered(Snapshot snapshot) -> announced(answered(ui, snapshot, size));
      case Event.Failed(AidpException failure) ->
          Step.to(ui.withLink(ui.link().failed(text(failure))));
      case Event.Performed performed -> performed(performed, ui);
      case Event.Noted(String text) -> Step.notice(ui, CellText.clean(text));
    };
  }

  /// With the bell for jobs that have ended, if that is wanted.
  private static Step announced(Ui ui) {
    List<JobRow> ended = ui.overview().ended();
    if (ended.isEmpty() || !ui.memory().bell()) {
      return Step.to(ui);
    }
    JobRow first = ended.getFirst();
    String more = ended.size() == 1 ? "" : " and %d more".formatted(ended.size() - 1);
    String text = "job %d %s%s".formatted(first.id(), first.status().word(), more);
    return new Step(ui.withNotice(text), new Effect.Announce("aidp: " + text));
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
    if (before instanceof JobDetail old
        && after instanceof JobDetail now
        && old.jump() != now.jump()) {
      next = next.withNotice(lookEnded(old, now));
    }
    return changed ? next.withChangedAt(ui.now()) : next;
  }

  /// Nothing, where it is seen what was found.
  private static String lookEnded(JobDetail before, JobDetail after) {
    if (after.search().current() != before.search().current()) {
      return "";
    }
    return before.jump() == JobDetail.Jump.NEXT_HIT
        ? "nothing in this log matches"
        : "there is no error in this log";
  }

  private static Step performed(Event.Performed performed, Ui ui) {
    Done done = performed.done();
    if (done == null) {
      AidpException failure = performed.failure();
      return Step.notice(ui, failure == null ? "not done" : text(failure));
    }
    Ui next = ui.withNotice(CellText.clean(done.text()));
    return switch (performed.request()) {
      case Request.Again(long id) ->
          Step.to(
              ui.top() instanceof JobDetail detail && detail.id() == id
                  ? next.withTop(JobDetail.of(done.newJobId(), JobDetail.Tab.LOGS))
                  : next);
      // What was queued from the menu is shown.
      case Request.Prompt _, Request.NextStep _ ->
          Step.to(done.newJobId() == 0 ? next : next.goTo(JobList.at(done.newJobId())));
      case Request.Pipeline _, Request.RerunRun _ -> {
        UUID run = done.newRun();
        yield Step.to(run == null ? next : next.goTo(Runs.EMPTY).push(RunView.of(run)));
      }
      case Request.Retry _, Request.Resume _, Request.Cancel _, Request.Answer _ -> Step.to(next);
      case Request.ResumeRun _, Request.CancelRun _ -> Step.to(next);
    };
  }

  private static String text(AidpException failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String remedy = failure.remedy();
    if (remedy == null) {
      return CellText.clean(message);
    }
    boolean sentence = Character.isUpperCase(remedy.codePointAt(0));
    return CellText.clean(message + (sentence ? ". " : "; ") + remedy);
  }

  private static Step pressed(Key key, Ui ui, Size size) {
    if (key.equals(new Key.Ctrl('c'))) {
      return CommonKeys.leave(ui, INTERRUPTED, false);
    }
    return switch (ui.overlay()) {
      case Overlay.Confirm confirm -> answer(key, confirm, ui);
      case Overlay.Help(int scroll) -> help(key, scroll, ui, size);
      case Overlay.Input input -> InputKeys.pressed(key, input, ui, size);
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
    if (key == Key.Named.ESCAPE
        || key == Key.Named.ENTER
        || key.equals(Key.of('q'))
        || key.equals(Key.of('?'))) {
      return Step.to(ui.withOverlay(null));
    }
    if (key.equals(new Key.Ctrl('l')) || key.equals(new Key.Ctrl('z'))) {
      return act(key, ui, size);
    }
    for (Move move : Move.values()) {
      if (move.isOn(key)) {
        return Step.to(ui.withOverlay(HelpBox.scrolled(scroll, move, ui, size)));
      }
    }
    return Step.notice(ui, "Esc closes the keys");
  }

  private static Step act(Key key, Ui ui, Size size) {
    if (key instanceof Key.Mouse mouse) {
      return mouse(mouse, ui, size);
    }
    Optional<Action> action = ui.top().bindings().find(key);
    return action.isPresent()
        ? action.get().act(ui, size)
        : Step.notice(ui, "%s does nothing here; ? shows the keys".formatted(key.label(true)));
  }

  private static Step mouse(Key.Mouse mouse, Ui ui, Size size) {
    return switch (mouse.button()) {
      case LEFT -> ui.top().clicked(mouse.row(), ui, size);
      case WHEEL_UP -> wheel(Move.UP, ui, size);
      case WHEEL_DOWN -> wheel(Move.DOWN, ui, size);
      case OTHER -> Step.to(ui);
    };
  }

  private static Step wheel(Move move, Ui ui, Size size) {
    Ui next = ui;
    for (int i = 0; i < WHEEL_ROWS; i++) {
      next = next.top().moved(move, next, size).ui();
    }
    return Step.to(next);
  }

  /// Asks for an action, or says why that is no use now.
  static Step ask(Ui ui, Request request) {
    if (ui.isDown()) {
      String why = ui.link().problem();
      return Step.notice(ui, "not done: " + (why == null ? "the database does not answer" : why));
    }
    return new Step(ui, new Effect.Ask(request));
  }
}
