package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.LogHits;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One job on four tabs.
///
/// @param scroll first visible line of a tab without a log; of the attempts, which is selected
/// @param logs where the log is read
/// @param search what is looked for in it
/// @param jump where to go as soon as that is found
/// @param data null before the first answer
record JobDetail(
    long id,
    Tab tab,
    int scroll,
    LogPosition logs,
    LogSearch search,
    Jump jump,
    Snapshot.@Nullable Detail data)
    implements Screen {

  enum Jump {
    NONE,
    NEXT_ERROR,
    PREVIOUS_ERROR,
    NEXT_HIT
  }

  enum Tab {
    LOGS(1, "Logs"),
    ATTEMPTS(2, "Attempts"),
    TOOLS(3, "Tools"),
    METADATA(4, "Metadata");

    private final int number;
    private final String title;

    Tab(int number, String title) {
      this.number = number;
      this.title = title;
    }

    /// Its key, from 1.
    int number() {
      return number;
    }

    Tab next() {
      return switch (this) {
        case LOGS -> ATTEMPTS;
        case ATTEMPTS -> TOOLS;
        case TOOLS -> METADATA;
        case METADATA -> LOGS;
      };
    }

    String title() {
      return title;
    }
  }

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("scroll", "first line", "last line; follows the log"),
          List.of(
              tab(Tab.LOGS, "logs of the latest attempt", '1'),
              tab(Tab.ATTEMPTS, "attempts", '2'),
              tab(Tab.TOOLS, "tool calls", '3'),
              tab(Tab.METADATA, "metadata, paths, prompt", '4'),
              bind(
                  on((job, ui, _) -> Step.to(ui.withTop(job.on(job.tab.next())))),
                  "next tab",
                  "tabs",
                  Named.TAB,
                  Named.RIGHT),
              bind(on(Attempts::open), "log of the selected attempt", "", Named.ENTER),
              bind(on(LogReading::follow), "follow the log, or stop", "follow", Key.of('f')),
              bind(on(JobDetail::resume), "resume from the saved state", "resume", Key.of('r')),
              bind(on(JobDetail::again), "a new job like it", "new run", Key.of('n')),
              bind(on(LogReading::wrap), "wrap long lines, or cut them", "wrap", Key.of('w')),
              bind(on(LogReading::times), "times, or none", "", Key.of('t')),
              bind(on(JobDetail::openSearch), "search the log", "search", Key.of('/')),
              bind(on(LogReading::nextHit), "next hit", "", Key.of(']')),
              bind(on(LogReading::previousHit), "previous hit", "", Key.of('[')),
              bind(on(LogReading::nextError), "next error", "", Key.of('e')),
              bind(on(LogReading::previousError), "previous error", "", Key.of('E')),
              bind(on(JobDetail::page), "the whole log in $PAGER", "", Key.of('o')),
              bind(on(JobDetail::cancel), "cancel the job", "", Key.of('c'))),
          List.of(CommonKeys.back("back to the list", Key.of('q'), Named.LEFT)));

  private static Binding<Action> tab(Tab tab, String label, char key) {
    return bind(on((job, ui, _) -> Step.to(ui.withTop(job.on(tab)))), label, "", Key.of(key));
  }

  private static Action on(Action.On<JobDetail> action) {
    return Action.of(JobDetail.class, action);
  }

  /// Entries around the top one that are asked for anew only when it has moved this far.
  private static final int STRIDE = 200;

  static JobDetail of(long id, Tab tab) {
    return new JobDetail(id, tab, 0, LogPosition.START, LogSearch.NONE, Jump.NONE, null);
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Want want(Size size) {
    return new Want.Job(
        id, logs.attempt(), wantedLogs(), tab == Tab.TOOLS, search.errors(), search.text());
  }

  private Want.Logs wantedLogs() {
    return logs.follow()
        ? new Want.Logs.Tail()
        : new Want.Logs.Around(Math.max(1, logs.seq() / STRIDE * STRIDE));
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    if (!(snapshot.want() instanceof Want.Job asked)
        || asked.id() != id
        || !(snapshot.body() instanceof Snapshot.Detail answer)) {
      return this;
    }
    if (!asked.equals(want(size)) && data != null) {
      return with(
          new Snapshot.Detail(
              answer.job(),
              answer.executions(),
              asked.attempt() == logs.attempt()
                      && asked.tools() == (tab == Tab.TOOLS)
                      && asked.logs().equals(wantedLogs())
                  ? answer.logs()
                  : data.logs(),
              asked.attempt() == logs.attempt() ? answer.tools() : data.tools(),
              data.errors(),
              data.found(),
              true));
    }
    LogPosition position = logs.follow() ? logs.withSkipped(answer.logs().skipped()) : logs;
    return with(position).with(answer).jumped(size);
  }

  private JobDetail with(Snapshot.Detail next) {
    return new JobDetail(id, tab, scroll, logs, search, jump, next);
  }

  JobDetail with(LogPosition next) {
    return new JobDetail(id, tab, scroll, next, search, jump, data);
  }

  JobDetail with(LogSearch next) {
    return new JobDetail(id, tab, scroll, logs, next, Jump.NONE, data);
  }

  JobDetail awaiting(Jump next) {
    return new JobDetail(id, tab, scroll, logs, search, next, data);
  }

  private JobDetail on(Tab next) {
    int first = next == Tab.ATTEMPTS ? Attempts.shown(this) : 0;
    return new JobDetail(id, next, first, logs, search, Jump.NONE, data);
  }

  /// On the log of another attempt, at its end.
  JobDetail showing(int attempt) {
    return new JobDetail(
        id,
        Tab.LOGS,
        0,
        logs.ofAttempt(attempt),
        search.forText(search.text()),
        Jump.NONE,
        data == null ? null : Snapshot.Detail.of(data.job(), data.executions(), LogWindow.NONE));
  }

  JobDetail scrolledTo(int next) {
    return new JobDetail(id, tab, next, logs, search, jump, data);
  }

  /// To what was waited for, if that is found by now.
  private JobDetail jumped(Size size) {
    Snapshot.Detail now = data;
    if (jump == Jump.NONE || now == null) {
      return this;
    }
    LogHits hits = jump == Jump.NEXT_HIT ? now.found() : now.errors();
    long from = LogReading.from(this, size, jump != Jump.PREVIOUS_ERROR);
    boolean back = jump == Jump.PREVIOUS_ERROR;
    int index = back ? hits.before(from) : hits.after(from);
    boolean there = index >= 0 && index < hits.count();
    if (there && (!back || hits.complete())) {
      long seq = hits.seq(index);
      return with(search.at(seq)).with(logs.at(seq, 0));
    }
    // Nothing behind: the first one of all is better than none.
    if (hits.complete() && hits.count() > 0) {
      long seq = hits.seq(back ? hits.count() - 1 : 0);
      return with(search.at(seq)).with(logs.at(seq, 0));
    }
    return hits.complete() ? awaiting(Jump.NONE) : this;
  }

  /// The part of the log that is loaded for the tab; none while it is the other tab's.
  LogWindow window() {
    if (data == null || data.logs().lines().isEmpty()) {
      return data == null ? LogWindow.NONE : data.logs();
    }
    boolean calls = data.logs().lines().getFirst().call() != null;
    return calls == (tab == Tab.TOOLS) ? data.logs() : LogWindow.NONE;
  }

  boolean showsLog() {
    return tab == Tab.LOGS || tab == Tab.TOOLS;
  }

  /// The log as it is wrapped for a pane of this width.
  LogPane pane(int width, Theme theme) {
    return LogPane.of(window(), logs, search, width, theme);
  }

  @Override
  public Step moved(Move move, Ui ui, Size size) {
    if (tab == Tab.ATTEMPTS) {
      return Attempts.moved(this, move, ui, size);
    }
    int page = Math.max(1, DetailLayout.of(size).pane().height() - 1);
    return switch (move) {
      case UP, DOWN, PAGE_UP, PAGE_DOWN -> scrolled(ui, size, move.rows(page));
      case TOP -> Step.to(ui.withTop(top()));
      case BOTTOM -> Step.to(ui.withTop(bottom(size)));
    };
  }

  private Step resume(Ui ui, Size size) {
    Job job = data == null ? null : data.job().orElse(null);
    return job != null && job.status().ended() && job.sessionId() == null
        ? Step.notice(ui, "there is no saved state to resume; n runs it anew as a new job")
        : Update.ask(ui, new Request.Resume(id));
  }

  private Step again(Ui ui, Size size) {
    return Update.ask(ui, new Request.Again(id));
  }

  private JobDetail top() {
    return showsLog() ? with(logs.at(1, 0)) : scrolledTo(0);
  }

  private JobDetail bottom(Size size) {
    return showsLog() ? with(logs.following()) : scrolledTo(clamped(Integer.MAX_VALUE, size));
  }

  private int clamped(int to, Size size) {
    Rect pane = DetailLayout.of(size).pane();
    List<Line> lines = DetailText.lines(this, pane.width(), new Theme(false, false));
    return TextPane.clampTop(to, lines.size(), pane.height());
  }

  private Step scrolled(Ui ui, Size size, int lines) {
    if (showsLog()) {
      return LogReading.scrolled(this, ui, size, lines);
    }
    int to = clamped(scroll + lines, size);
    return to == scroll
        ? Step.notice(ui, lines < 0 ? "this is the first line" : "this is the last line")
        : Step.to(ui.withTop(scrolledTo(to)));
  }

  private Step openSearch(Ui ui, Size size) {
    return showsLog()
        ? Step.to(ui.withOverlay(new Ui.Overlay.Input(Prompt.SEARCH, LineInput.of(search.text()))))
        : Step.notice(ui, "only a log can be searched: 1 shows it");
  }

  @Override
  public Step searched(String text, Ui ui, Size size) {
    JobDetail next = with(search.forText(text));
    return Step.to(ui.withTop(text.isEmpty() ? next : next.awaiting(Jump.NEXT_HIT)));
  }

  private Step page(Ui ui, Size size) {
    if (ui.isDown()) {
      return Step.notice(ui, "the database does not answer");
    }
    return new Step(ui, new Step.Effect.Page(id, logs.attempt()));
  }

  @Override
  public Step back(Ui ui) {
    return search.text().isEmpty()
        ? Screen.super.back(ui)
        : Step.to(ui.withTop(with(search.forText(""))));
  }

  private Step cancel(Ui ui, Size size) {
    if (data == null || data.job().isEmpty()) {
      return Step.notice(ui, "still loading");
    }
    JobStatus status = data.job().get().status();
    return status.ended()
        ? Step.notice(ui, "job %d is %s already".formatted(id, status.word()))
        : Step.to(ui.withOverlay(Questions.cancel(id, status)));
  }

  @Override
  public Optional<Clip> clip(Size size) {
    Rect pane = DetailLayout.of(size).pane();
    if (!showsLog()) {
      return Optional.of(new Clip(Long.toString(id), Long.toString(id)));
    }
    String text = pane(pane.width(), new Theme(false, false)).text(logs, pane.height());
    return text.isEmpty() ? Optional.empty() : Optional.of(new Clip(text, "the visible lines"));
  }
}
