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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The list of jobs. It knows the rows around the visible ones and remembers ids, not positions, so
/// that whatever is added or pruned elsewhere moves neither cursor nor page.
///
/// @param seeking the end that was asked for and not yet reached; null: none
/// @param top id of the first visible row; 0: none
/// @param selected id; 0: none
/// @param newestSeen id of the newest row that was ever visible
/// @param owed rows that keys have moved by beyond the loaded ones, to be moved when those are
///   there
/// @param window the loaded rows; null before the first answer
record JobList(
    @Nullable Anchor seeking,
    long top,
    long selected,
    long newestSeen,
    int owed,
    Snapshot.@Nullable Jobs window)
    implements Screen {

  static final JobList EMPTY = new JobList(new Anchor.Newest(), 0, 0, 0, 0, null);

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
      return new JobList(new Anchor.Newest(), 0, 0, 0, 0, answer);
    }
    boolean newest = seeking instanceof Anchor.Newest;
    List<JobRow> rows = answer.rows();
    long id = (newest ? rows.getFirst() : rows.getLast()).id();
    return new JobList(null, id, id, newestSeen, 0, answer).settled(size);
  }

  private JobList refreshed(Snapshot.Jobs answer, Size size) {
    return answer.rows().isEmpty()
        ? new JobList(new Anchor.Newest(), 0, 0, 0, 0, answer)
        : new JobList(null, top, selected, newestSeen, owed, answer).settled(size).paid(size);
  }

  /// With the ids that are really shown.
  private JobList settled(Size size) {
    Viewport viewport = Viewport.of(this, ListLayout.of(size).capacity());
    return showing(viewport.top(), viewport.selected(), owed);
  }

  private JobList paid(Size size) {
    return owed == 0 ? this : moved(size, owed, owed);
  }

  private JobList showing(int topIndex, int selectedIndex, int stillOwed) {
    long topId = rows().get(topIndex).id();
    long selectedId = rows().get(selectedIndex).id();
    return new JobList(seeking, topId, selectedId, Math.max(newestSeen, topId), stillOwed, window);
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
    // What is owed in the other direction is forgotten.
    int before = Integer.signum(owed) == Integer.signum(rows) ? owed : 0;
    JobList next = moved(size, before + rows, before + scrolled);
    if (next.owed != 0 && ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    boolean atEnd = next.selected == selected && next.owed == 0;
    String end = rows < 0 ? "this is the newest job" : "this is the oldest job";
    Ui shown = ui.withTop(next);
    return Step.to(atEnd ? shown.withNotice(end) : shown);
  }

  /// @param rows by which the cursor moves
  /// @param scrolled by which the page moves with it
  private JobList moved(Size size, int rows, int scrolled) {
    Snapshot.Jobs loaded = Objects.requireNonNull(window);
    int capacity = ListLayout.of(size).capacity();
    Viewport viewport = Viewport.of(this, capacity);
    int last = rows().size() - 1;
    int to = Math.clamp((long) viewport.selected() + rows, 0, last);
    boolean more = rows < 0 ? !loaded.fromNewest() : !loaded.toOldest();
    int left = more ? viewport.selected() + rows - to : 0;
    int topIndex =
        Math.clamp((long) viewport.top() + scrolled, 0, Math.max(0, last - capacity + 1));
    topIndex = Math.max(Math.min(topIndex, to), to - capacity + 1);
    return showing(topIndex, to, left);
  }

  private Step seek(Ui ui, Anchor end) {
    if (ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    return Step.to(ui.withTop(new JobList(end, top, selected, newestSeen, 0, window)));
  }

  private Step confirmCancel(Ui ui) {
    JobRow row =
        rows().stream().filter(candidate -> candidate.id() == selected).findFirst().orElseThrow();
    if (row.status().ended()) {
      return Step.notice(ui, "job %d is %s already".formatted(selected, row.status().word()));
    }
    return Step.to(
        ui.withOverlay(
            new Ui.Overlay.Confirm(
                "Cancel job %d (%s)? y/n".formatted(selected, row.status().word()),
                new Request.Cancel(selected),
                "job %d was not cancelled".formatted(selected))));
  }
}
