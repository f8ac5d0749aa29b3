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
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.Key.Named;
import java.util.List;
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
      new Bindings<>(
          List.of(
              bind(Action.TAB_LOGS, "logs of the latest attempt", "", Key.of('1')),
              bind(Action.TAB_ATTEMPTS, "attempts", "", Key.of('2')),
              bind(Action.TAB_TOOLS, "tool calls", "", Key.of('3')),
              bind(Action.TAB_METADATA, "metadata, paths, prompt", "", Key.of('4')),
              bind(Action.NEXT_TAB, "next tab", "tabs", Named.TAB, Named.RIGHT),
              bind(Action.UP, "up", "", Named.UP, Key.of('k')),
              bind(Action.DOWN, "down", "scroll", Named.DOWN, Key.of('j')),
              bind(Action.PAGE_UP, "a page up", "", Named.PAGE_UP),
              bind(Action.PAGE_DOWN, "a page down", "", Named.PAGE_DOWN, Key.of(' ')),
              bind(Action.TOP, "first line", "", Key.of('g'), Named.HOME),
              bind(Action.BOTTOM, "last line; follows the log", "", Key.of('G'), Named.END),
              bind(Action.FOLLOW, "follow the log, or stop", "follow", Key.of('f')),
              bind(Action.WRAP, "wrap long lines, or cut", "wrap", Key.of('w')),
              bind(Action.RESUME, "resume from the saved state", "resume", Key.of('r')),
              bind(Action.CANCEL, "cancel the job", "cancel", Key.of('c')),
              bind(Action.HELP, "these keys", "help", Key.of('?')),
              bind(Action.BACK, "back to the list", "back", Named.ESCAPE, Key.of('q'), Named.LEFT),
              bind(Action.REDRAW, "draw the screen anew", "", new Key.Ctrl('l')),
              bind(Action.SUSPEND, "suspend", "", new Key.Ctrl('z')),
              bind(Action.LEAVE, "leave at once", "", new Key.Ctrl('c'))));

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
  public Step act(Action action, Ui ui, Size size) {
    int page = Math.max(1, DetailLayout.of(size).pane().height() - 1);
    return switch (action) {
      case UP -> scrolled(ui, size, -1);
      case DOWN -> scrolled(ui, size, 1);
      case PAGE_UP -> scrolled(ui, size, -page);
      case PAGE_DOWN -> scrolled(ui, size, page);
      case TOP -> Step.to(ui.withTop(top()));
      case BOTTOM -> Step.to(ui.withTop(bottom(size)));
      case TAB_LOGS -> Step.to(ui.withTop(on(Tab.LOGS)));
      case TAB_ATTEMPTS -> Step.to(ui.withTop(on(Tab.ATTEMPTS)));
      case TAB_TOOLS -> Step.to(ui.withTop(on(Tab.TOOLS)));
      case TAB_METADATA -> Step.to(ui.withTop(on(Tab.METADATA)));
      case NEXT_TAB -> Step.to(ui.withTop(on(tab.next())));
      case FOLLOW -> follow(ui, size);
      case WRAP -> wrap(ui);
      case RESUME -> Update.ask(ui, new Request.Resume(id));
      case CANCEL -> confirmCancel(ui);
      case OPEN_LOGS, OPEN_METADATA, RETRY, HELP, REDRAW, SUSPEND -> Step.to(ui);
      case BACK, QUIT, LEAVE -> Step.to(ui);
    };
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

  private Step wrap(Ui ui) {
    if (!showsLog()) {
      return Step.notice(ui, "only a log can be cut or wrapped: 1 shows it");
    }
    return Step.to(
        ui.withTop(
            with(new LogPosition(logs.follow(), !logs.wrap(), logs.seq(), 0, logs.skipped()))));
  }

  private Step confirmCancel(Ui ui) {
    if (data == null || data.job().isEmpty()) {
      return Step.notice(ui, "still loading");
    }
    String status = data.job().get().status().word();
    if (data.job().get().status().ended()) {
      return Step.notice(ui, "job %d is %s already".formatted(id, status));
    }
    return Step.to(
        ui.withOverlay(
            new Ui.Overlay.Confirm(
                "Cancel job %d (%s)? y/n".formatted(id, status),
                new Request.Cancel(id),
                "job %d was not cancelled".formatted(id))));
  }
}
