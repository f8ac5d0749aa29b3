package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

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
import dev.aidp.core.job.JobStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One job on four tabs.
///
/// @param scroll first visible line of a tab without a log
/// @param logs where the log is read
/// @param data null before the first answer
record JobDetail(long id, Tab tab, int scroll, LogPosition logs, Snapshot.@Nullable Detail data)
    implements Screen {

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

  /// @param follow whether the end is shown, and what is added to it
  /// @param seq of the entry at the top; without meaning when following
  /// @param line within that entry
  /// @param skipped entries that came too fast to be shown while following
  record LogPosition(boolean follow, boolean wrap, long seq, int line, long skipped) {
    static final LogPosition START = new LogPosition(true, true, 0, 0, 0);
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
              bind(on(JobDetail::follow), "follow the log, or stop", "follow", Key.of('f')),
              bind(on(JobDetail::wrap), "wrap long lines, or cut", "wrap", Key.of('w')),
              bind(on(JobDetail::resume), "resume from the saved state", "resume", Key.of('r')),
              bind(on(JobDetail::again), "a new job like it", "new run", Key.of('n')),
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
    return new JobDetail(id, tab, 0, LogPosition.START, null);
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Want want(Size size) {
    return new Want.Job(id, wantedLogs());
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
    if (!asked.logs().equals(wantedLogs()) && data != null) {
      return with(new Snapshot.Detail(answer.job(), answer.executions(), data.logs()));
    }
    LogPosition position =
        logs.follow() && answer.logs().skipped() > 0
            ? new LogPosition(
                true,
                logs.wrap(),
                logs.seq(),
                logs.line(),
                logs.skipped() + answer.logs().skipped())
            : logs;
    return new JobDetail(id, tab, scroll, position, answer);
  }

  private JobDetail with(Snapshot.Detail next) {
    return new JobDetail(id, tab, scroll, logs, next);
  }

  private JobDetail with(LogPosition next) {
    return new JobDetail(id, tab, scroll, next, data);
  }

  private JobDetail on(Tab next) {
    return new JobDetail(id, next, 0, logs, data);
  }

  LogWindow window() {
    return data == null ? LogWindow.NONE : data.logs();
  }

  boolean showsLog() {
    return tab == Tab.LOGS || tab == Tab.TOOLS;
  }

  /// The log as it is wrapped for a pane of this width.
  LogPane pane(int width, Theme theme) {
    return LogPane.of(window(), tab == Tab.TOOLS, logs.wrap(), width, theme);
  }

  @Override
  public Step moved(Move move, Ui ui, Size size) {
    int page = Math.max(1, DetailLayout.of(size).pane().height() - 1);
    return switch (move) {
      case UP, DOWN, PAGE_UP, PAGE_DOWN -> scrolled(ui, size, move.rows(page));
      case TOP -> Step.to(ui.withTop(top()));
      case BOTTOM -> Step.to(ui.withTop(bottom(size)));
    };
  }

  private Step resume(Ui ui, Size size) {
    return Update.ask(ui, new Request.Resume(id));
  }

  private Step again(Ui ui, Size size) {
    return Update.ask(ui, new Request.Again(id));
  }

  private JobDetail top() {
    return showsLog()
        ? with(new LogPosition(false, logs.wrap(), 1, 0, 0))
        : new JobDetail(id, tab, 0, logs, data);
  }

  private JobDetail bottom(Size size) {
    return showsLog()
        ? with(new LogPosition(true, logs.wrap(), 0, 0, 0))
        : new JobDetail(id, tab, clamped(Integer.MAX_VALUE, size), logs, data);
  }

  private int clamped(int to, Size size) {
    Rect pane = DetailLayout.of(size).pane();
    List<Line> lines = DetailText.lines(this, pane.width(), new Theme(false, false));
    return TextPane.clampTop(to, lines.size(), pane.height());
  }

  private Step scrolled(Ui ui, Size size, int lines) {
    if (!showsLog()) {
      int to = clamped(scroll + lines, size);
      return to == scroll
          ? Step.notice(ui, lines < 0 ? "this is the first line" : "this is the last line")
          : Step.to(ui.withTop(new JobDetail(id, tab, to, logs, data)));
    }
    Rect pane = DetailLayout.of(size).pane();
    LogPane log = pane(pane.width(), new Theme(false, false));
    int from = log.top(logs, pane.height());
    int to = TextPane.clampTop(from + lines, log.lines().size(), pane.height());
    if (to == from) {
      return Step.notice(ui, edge(lines));
    }
    LogPane.Row row = log.lines().get(to);
    return Step.to(ui.withTop(with(new LogPosition(false, logs.wrap(), row.seq(), row.line(), 0))));
  }

  private String edge(int direction) {
    if (direction < 0) {
      return window().fromStart() ? "this is the first line" : "loading earlier lines";
    }
    return window().toEnd() ? "this is the last line" : "loading later lines";
  }

  private Step follow(Ui ui, Size size) {
    if (!showsLog()) {
      return Step.notice(ui, "only a log can be followed: 1 shows it");
    }
    if (!logs.follow()) {
      return Step.to(ui.withTop(bottom(size)));
    }
    Rect pane = DetailLayout.of(size).pane();
    LogPane log = pane(pane.width(), new Theme(false, false));
    if (log.lines().isEmpty()) {
      return Step.notice(ui, "there is no line yet to stay at");
    }
    LogPane.Row row = log.lines().get(log.top(logs, pane.height()));
    return Step.to(ui.withTop(with(new LogPosition(false, logs.wrap(), row.seq(), row.line(), 0))));
  }

  private Step wrap(Ui ui, Size size) {
    if (!showsLog()) {
      return Step.notice(ui, "only a log can be cut or wrapped: 1 shows it");
    }
    return Step.to(
        ui.withTop(
            with(new LogPosition(logs.follow(), !logs.wrap(), logs.seq(), 0, logs.skipped()))));
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
    return Optional.of(new Clip(Long.toString(id), Long.toString(id)));
  }
}
