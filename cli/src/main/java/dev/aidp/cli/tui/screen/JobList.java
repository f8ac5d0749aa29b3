package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.data.Want.Anchor;
import dev.aidp.cli.tui.data.Want.Order;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import dev.aidp.db.read.JobFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The list of jobs. It knows the rows around the visible ones and remembers ids, not positions, so
/// that whatever is added or pruned elsewhere moves neither cursor nor page.
///
/// @param query which jobs, and in which order
/// @param place where in the list
/// @param marks ids of the marked jobs
/// @param window the loaded rows; null before the first answer
record JobList(Query query, Place place, Set<Long> marks, Snapshot.@Nullable Jobs window)
    implements Screen {

  static final JobList EMPTY = new JobList(Query.ALL, Place.FIRST, Set.of(), null);

  JobList {
    marks = Set.copyOf(marks);
  }

  /// @param text the filter as it was typed; may be empty
  record Query(String text, JobFilter filter, Order order) {
    static final Query ALL = new Query("", JobFilter.ALL, Order.NEWEST_FIRST);
  }

  /// @param seeking what was asked for and not yet reached; null: nothing
  /// @param top id of the first visible row; 0: none
  /// @param selected id; 0: none
  /// @param newestSeen id of the newest row that was ever visible
  /// @param owed rows that keys have moved by beyond the loaded ones, to be moved when those are
  ///   there
  record Place(@Nullable Anchor seeking, long top, long selected, long newestSeen, int owed) {
    static final Place FIRST = new Place(new Anchor.First(), 0, 0, 0, 0);

    Place seek(Anchor next) {
      return new Place(next, top, selected, newestSeen, 0);
    }
  }

  /// The list with a job that was just queued selected.
  static JobList at(long jobId) {
    return new JobList(Query.ALL, new Place(null, jobId, jobId, jobId, 0), Set.of(), null);
  }

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first row", "last row"),
          List.of(
              bind(
                  on((list, ui, _) -> list.open(ui, JobDetail.Tab.LOGS)),
                  "logs of the job",
                  "open",
                  Named.ENTER),
              bind(
                  on((list, ui, _) -> list.open(ui, JobDetail.Tab.METADATA)),
                  "details of the job",
                  "details",
                  Key.of('d')),
              bind(on(JobList::retry), "retry a failed or interrupted job", "retry", Key.of('r')),
              bind(on(JobList::cancel), "cancel the job", "", Key.of('c')),
              bind(on(JobList::again), "run again: a new job like it", "", Key.of('n')),
              bind(on(JobList::mark), "mark, or unmark", "", Key.of(' ')),
              bind(on(JobList::retryMarked), "retry the marked jobs", "", Key.of('R')),
              bind(on(JobList::cancelMarked), "cancel the marked jobs", "", Key.of('C')),
              bind(on(JobList::sort), "newest or oldest first", "", Key.of('s')),
              bind(
                  on(JobList::openFilter), "filter, such as status:failed", "filter", Key.of('/'))),
          List.of(CommonKeys.quit(), CommonKeys.up("clear filter and marks, or back")));

  private static Action on(Action.On<JobList> action) {
    return Action.of(JobList.class, action);
  }

  List<JobRow> rows() {
    return window == null ? List.of() : window.rows();
  }

  long selected() {
    return place.selected();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Want want(Size size) {
    Anchor anchor = place.seeking() == null ? new Anchor.At(place.top()) : place.seeking();
    int capacity = ListLayout.of(size).capacity();
    return new Want.Jobs(query.filter(), query.order(), anchor, capacity, place.newestSeen());
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    if (!(snapshot.want() instanceof Want.Jobs asked)
        || !(snapshot.body() instanceof Snapshot.Jobs answer)
        || !asked.filter().equals(query.filter())
        || asked.order() != query.order()) {
      return this;
    }
    if (place.seeking() == null) {
      return asked.anchor() instanceof Anchor.At ? refreshed(answer, size) : this;
    }
    return asked.anchor().equals(place.seeking()) ? arrived(answer, size) : this;
  }

  private JobList with(Place next) {
    return new JobList(query, next, marks, window);
  }

  private JobList withMarks(Set<Long> next) {
    return new JobList(query, place, next, window);
  }

  private JobList arrived(Snapshot.Jobs answer, Size size) {
    List<JobRow> rows = answer.rows();
    if (rows.isEmpty()) {
      return new JobList(query, Place.FIRST, marks, answer);
    }
    long id = (place.seeking() instanceof Anchor.Last ? rows.getLast() : rows.getFirst()).id();
    Place at = new Place(null, id, id, place.newestSeen(), 0);
    return new JobList(query, at, marks, answer).settled(size);
  }

  private JobList refreshed(Snapshot.Jobs answer, Size size) {
    return answer.rows().isEmpty()
        ? new JobList(query, Place.FIRST, marks, answer)
        : new JobList(query, place, marks, answer).settled(size).paid(size);
  }

  /// With the ids that are really shown.
  private JobList settled(Size size) {
    Viewport viewport = Viewport.of(this, ListLayout.of(size).capacity());
    return showing(viewport.top(), viewport.selected(), size, place.owed());
  }

  private JobList paid(Size size) {
    return place.owed() == 0 ? this : moved(size, place.owed(), place.owed());
  }

  private JobList showing(int topIndex, int selectedIndex, Size size, int owed) {
    long topId = rows().get(topIndex).id();
    long selectedId = rows().get(selectedIndex).id();
    int last = Math.min(rows().size(), topIndex + ListLayout.of(size).capacity()) - 1;
    long newest = Math.max(topId, rows().get(last).id());
    // Whoever moves no longer wants to be elsewhere.
    return with(new Place(null, topId, selectedId, Math.max(place.newestSeen(), newest), owed));
  }

  @Override
  public Step moved(Move move, Ui ui, Size size) {
    if (rows().isEmpty()) {
      return Step.notice(ui, nothing());
    }
    int page = ListLayout.of(size).capacity();
    return switch (move) {
      case UP, DOWN -> move(ui, size, move.rows(page), 0);
      case PAGE_UP, PAGE_DOWN -> move(ui, size, move.rows(page), move.rows(page));
      case TOP -> seek(ui, new Anchor.First());
      case BOTTOM -> seek(ui, new Anchor.Last());
    };
  }

  private String nothing() {
    if (window == null || !window.complete()) {
      return "still loading";
    }
    return query.text().isEmpty()
        ? "there are no jobs yet"
        : "no job matches; Esc clears the filter";
  }

  private Step move(Ui ui, Size size, int rows, int scrolled) {
    // What is owed in the other direction is forgotten.
    int owed = place.owed();
    int before = Integer.signum(owed) == Integer.signum(rows) ? owed : 0;
    JobList next = moved(size, before + rows, before + scrolled);
    if (next.place.owed() != 0 && ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    boolean atEnd = next.selected() == selected() && next.place.owed() == 0;
    Ui shown = ui.withTop(next);
    return Step.to(atEnd ? shown.withNotice(end(rows)) : shown);
  }

  private String end(int direction) {
    boolean newest = (direction < 0) == (query.order() == Order.NEWEST_FIRST);
    return newest ? "this is the newest job" : "this is the oldest job";
  }

  /// @param rows by which the cursor moves
  /// @param scrolled by which the page moves with it
  private JobList moved(Size size, int rows, int scrolled) {
    Snapshot.Jobs loaded = Objects.requireNonNull(window);
    int capacity = ListLayout.of(size).capacity();
    Viewport viewport = Viewport.of(this, capacity);
    int last = rows().size() - 1;
    int to = Math.clamp((long) viewport.selected() + rows, 0, last);
    boolean more = rows < 0 ? !loaded.fromFirst() : !loaded.toLast();
    int left = more ? viewport.selected() + rows - to : 0;
    int topIndex =
        Math.clamp((long) viewport.top() + scrolled, 0, Math.max(0, last - capacity + 1));
    topIndex = Math.max(Math.min(topIndex, to), to - capacity + 1);
    return showing(topIndex, to, size, left);
  }

  private Step seek(Ui ui, Anchor end) {
    if (ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    return Step.to(ui.withTop(with(place.seek(end))));
  }

  private Step open(Ui ui, JobDetail.Tab tab) {
    return rows().isEmpty()
        ? Step.notice(ui, nothing())
        : Step.to(ui.push(JobDetail.of(selected(), tab)));
  }

  private Step retry(Ui ui, Size size) {
    return rows().isEmpty()
        ? Step.notice(ui, nothing())
        : Update.ask(ui, new Request.Retry(List.of(selected())));
  }

  private Step again(Ui ui, Size size) {
    return rows().isEmpty()
        ? Step.notice(ui, nothing())
        : Update.ask(ui, new Request.Again(selected()));
  }

  private Step cancel(Ui ui, Size size) {
    Optional<JobRow> row =
        rows().stream().filter(candidate -> candidate.id() == selected()).findFirst();
    if (row.isEmpty()) {
      return Step.notice(ui, nothing());
    }
    return row.get().status().ended()
        ? Step.notice(ui, "job %d is %s already".formatted(selected(), row.get().status().word()))
        : Step.to(ui.withOverlay(Questions.cancel(selected(), row.get().status())));
  }

  private Step mark(Ui ui, Size size) {
    if (rows().isEmpty()) {
      return Step.notice(ui, nothing());
    }
    Set<Long> next = new HashSet<>(marks);
    if (!next.remove(selected())) {
      next.add(selected());
    }
    JobList marked = withMarks(next);
    Ui shown = ui.withTop(marked);
    // On the last row there is nothing to move to, which is no news here.
    return Step.to(marked.move(shown, size, 1, 0).ui().withNotice(""));
  }

  private Step retryMarked(Ui ui, Size size) {
    return marks.isEmpty() ? unmarked(ui) : Step.to(ui.withOverlay(Questions.retry(sorted())));
  }

  private Step cancelMarked(Ui ui, Size size) {
    return marks.isEmpty() ? unmarked(ui) : Step.to(ui.withOverlay(Questions.cancel(sorted())));
  }

  private List<Long> sorted() {
    return marks.stream().sorted().toList();
  }

  private static Step unmarked(Ui ui) {
    return Step.notice(ui, "no job is marked; Space marks one");
  }

  private Step sort(Ui ui, Size size) {
    if (ui.isDown()) {
      return Step.notice(ui, "the database does not answer: only the loaded rows can be shown");
    }
    Order order = query.order().reversed();
    Query next = new Query(query.text(), query.filter(), order);
    String notice = order == Order.NEWEST_FIRST ? "newest first" : "oldest first";
    return Step.notice(ui.withTop(asking(next)), notice);
  }

  /// From the first row of other jobs on; what was seen stays seen.
  private JobList asking(Query next) {
    return new JobList(
        next, new Place(new Anchor.First(), 0, 0, place.newestSeen(), 0), marks, null);
  }

  private Step openFilter(Ui ui, Size size) {
    LineInput line = LineInput.of(query.text());
    return Step.to(ui.withOverlay(new Overlay.Input(Prompt.FILTER, line)));
  }

  @Override
  public Step searched(String text, Ui ui, Size size) {
    return switch (FilterText.parse(text)) {
      case FilterText.Parsed.Unclear(String why) ->
          Step.notice(ui.withOverlay(new Overlay.Input(Prompt.FILTER, LineInput.of(text))), why);
      case FilterText.Parsed.Filter(JobFilter filter) ->
          filter.equals(query.filter())
              ? Step.to(ui)
              : Step.to(ui.withTop(asking(new Query(text, filter, query.order()))));
    };
  }

  @Override
  public List<String> completions(String word) {
    Set<String> providers = rows().stream().map(JobRow::provider).collect(Collectors.toSet());
    return FilterText.completions(word, providers);
  }

  @Override
  public Step back(Ui ui) {
    if (!marks.isEmpty()) {
      return Step.notice(ui.withTop(withMarks(Set.of())), "nothing is marked any more");
    }
    if (!query.text().isEmpty()) {
      return Step.to(ui.withTop(asking(new Query("", JobFilter.ALL, query.order()))));
    }
    return Screen.super.back(ui);
  }

  @Override
  public Optional<Clip> clip(Size size) {
    String id = Long.toString(selected());
    return rows().isEmpty() ? Optional.empty() : Optional.of(new Clip(id, id));
  }

  @Override
  public Step clicked(int row, Ui ui, Size size) {
    ListLayout layout = ListLayout.of(size);
    Viewport viewport = Viewport.of(this, layout.capacity());
    int line = row - layout.rows().top();
    if (viewport.selected() < 0 || line < 0 || line >= layout.rows().height()) {
      return Step.to(ui);
    }
    // The selected row may have a second line.
    boolean second = !layout.errorColumn() && !rows().get(viewport.selected()).note().isEmpty();
    int index = viewport.top() + line;
    if (second && index > viewport.selected()) {
      index--;
    }
    if (index >= rows().size() || index - viewport.top() >= viewport.capacity()) {
      return Step.to(ui);
    }
    return index == viewport.selected()
        ? open(ui, JobDetail.Tab.LOGS)
        : Step.to(ui.withTop(showing(viewport.top(), index, size, 0)));
  }
}
