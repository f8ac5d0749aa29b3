package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.data.Want.Anchor;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of jobs. It knows the rows around the visible ones and remembers ids, not positions,
/// so that whatever is added or pruned elsewhere moves neither cursor nor page.
///
/// @param seeking the end that was asked for and not yet reached; null: none
/// @param top id of the first visible row; 0: none
/// @param selected id; 0: none
/// @param newestSeen id of the newest row that was ever visible
/// @param window the loaded rows; null before the first answer
record JobList(
    @Nullable Anchor seeking,
    long top,
    long selected,
    long newestSeen,
    Snapshot.@Nullable Jobs window)
    implements Screen {

  static final JobList EMPTY = new JobList(new Anchor.Newest(), 0, 0, 0, null);

  private static final Bindings<Action> BINDINGS =
      new Bindings<>(
          List.of(
              bind(Action.UP, "up", "", Named.UP, Key.of('k')),
              bind(Action.DOWN, "down", "move", Named.DOWN, Key.of('j')),
              bind(Action.PAGE_UP, "a page up", "", Named.PAGE_UP),
              bind(Action.PAGE_DOWN, "a page down", "", Named.PAGE_DOWN, Key.of(' ')),
              bind(Action.TOP, "newest job", "", Key.of('g'), Named.HOME),
              bind(Action.BOTTOM, "oldest job", "", Key.of('G'), Named.END),
              bind(Action.OPEN_LOGS, "logs of the job", "open", Named.ENTER),
              bind(Action.OPEN_METADATA, "details of the job", "details", Key.of('d')),
              bind(Action.RETRY, "retry a failed or interrupted job", "retry", Key.of('r')),
              bind(Action.CANCEL, "cancel the job", "cancel", Key.of('c')),
              bind(Action.HELP, "these keys", "help", Key.of('?')),
              bind(Action.REDRAW, "draw the screen anew", "", new Key.Ctrl('l')),
              bind(Action.SUSPEND, "suspend", "", new Key.Ctrl('z')),
              bind(Action.QUIT, "leave; jobs keep running", "quit", Key.of('q')),
              bind(Action.LEAVE, "leave at once", "", new Key.Ctrl('c')),
              bind(Action.BACK, "back", "", Named.ESCAPE)));

  List<JobRow> rows() {
    return window == null ? List.of() : window.rows();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Want want(Size size) {
    Anchor anchor = seeking == null ? new Anchor.At(top) : seeking;
    return new Want.Jobs(anchor, ListLayout.of(size).capacity(), newestSeen);
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    if (!(snapshot.want() instanceof Want.Jobs asked)
        || !(snapshot.body() instanceof Snapshot.Jobs answer)) {
      return this;
    }
    if (seeking == null) {
      return asked.anchor() instanceof Anchor.At ? refreshed(answer, size) : this;
    }
    return asked.anchor().equals(seeking) ? arrived(answer, size) : this;
  }

  private JobList arrived(Snapshot.Jobs answer, Size size) {
    if (answer.rows().isEmpty()) {
      return new JobList(new Anchor.Newest(), 0, 0, 0, answer);
    }
    boolean newest = seeking instanceof Anchor.Newest;
    List<JobRow> rows = answer.rows();
    long id = (newest ? rows.getFirst() : rows.getLast()).id();
    return new JobList(null, id, id, newestSeen, answer).settled(size);
  }

  private JobList refreshed(Snapshot.Jobs answer, Size size) {
    return answer.rows().isEmpty()
        ? new JobList(new Anchor.Newest(), 0, 0, 0, answer)
        : new JobList(null, top, selected, newestSeen, answer).settled(size);
  }

  /// With the ids that are really shown.
  private JobList settled(Size size) {
    Viewport viewport = Viewport.of(this, ListLayout.of(size).capacity());
    return showing(viewport.top(), viewport.selected());
  }

  private JobList showing(int topIndex, int selectedIndex) {
    long topId = rows().get(topIndex).id();
    long selectedId = rows().get(selectedIndex).id();
    return new JobList(seeking, topId, selectedId, Math.max(newestSeen, topId), window);
  }

  @Override
  public Step act(Action action, Ui ui, Size size) {
    if (rows().isEmpty()) {
      return Step.notice(ui, window == null ? "still loading" : "there are no jobs yet");
    }
    int page = ListLayout.of(size).capacity();
    return switch (action) {
      case UP -> move(ui, size, -1, 0);
      case DOWN -> move(ui, size, 1, 0);
      case PAGE_UP -> move(ui, size, -page, -page);
      case PAGE_DOWN -> move(ui, size, page, page);
      case TOP -> seek(ui, new Anchor.Newest());
      case BOTTOM -> seek(ui, new Anchor.Oldest());
      case OPEN_LOGS -> Step.to(ui.push(JobDetail.of(selected, JobDetail.Tab.LOGS)));
      case OPEN_METADATA -> Step.to(ui.push(JobDetail.of(selected, JobDetail.Tab.METADATA)));
      case RETRY -> Update.ask(ui, new Request.Retry(selected));
      case CANCEL -> confirmCancel(ui);
      case RESUME, TAB_LOGS, TAB_ATTEMPTS, TAB_TOOLS, TAB_METADATA, NEXT_TAB -> Step.to(ui);
      case FOLLOW, WRAP, HELP, REDRAW, SUSPEND, BACK, QUIT, LEAVE -> Step.to(ui);
    };
  }

  private Step move(Ui ui, Size size, int rows, int scrolled) {
    ListLayout layout = ListLayout.of(size);
    Viewport viewport = Viewport.of(this, layout.capacity());
    int last = rows().size() - 1;
    int to = Math.clamp(viewport.selected() + rows, 0, last);
    if (to == viewport.selected()) {
      return Step.notice(ui, edge(rows));
    }
    int shownTop = Math.clamp(viewport.top() + scrolled, 0, Math.max(0, last - layout.capacity() + 1));
    shownTop = Math.max(Math.min(shownTop, to), to - layout.capacity() + 1);
    return Step.to(ui.withTop(showing(shownTop, to)));
  }

  private String edge(int direction) {
    Snapshot.Jobs loaded = java.util.Objects.requireNonNull(window);
    if (direction < 0) {
      return loaded.fromNewest() ? "this is the newest job" : "loading newer jobs";
    }
    return loaded.toOldest() ? "this is the oldest job" : "loading older jobs";
  }

  private Step seek(Ui ui, Anchor end) {
    if (ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    return Step.to(ui.withTop(new JobList(end, top, selected, newestSeen, window)));
  }

  private Step confirmCancel(Ui ui) {
    JobRow row =
        rows().stream().filter(candidate -> candidate.id() == selected).findFirst().orElseThrow();
    if (row.status().ended()) {
      return Step.notice(
          ui, "job %d is %s already".formatted(selected, row.status().word()));
    }
    return Step.to(
        ui.withOverlay(
            new Ui.Overlay.Confirm(
                "Cancel job %d (%s)? y/n".formatted(selected, row.status().word()),
                new Request.Cancel(selected),
                "job %d was not cancelled".formatted(selected))));
  }
}
