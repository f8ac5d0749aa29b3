package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.LogHits;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.Job;
import dev.aidp.core.text.Durations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Draws [JobDetail].
final class JobDetailView {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private JobDetailView() {}

  static String clock(@Nullable Instant time) {
    return time == null ? "" : CLOCK.format(time);
  }

  static void draw(Canvas canvas, Ui ui, JobDetail detail, Theme theme) {
    DetailLayout layout = DetailLayout.of(canvas.size());
    Header.draw(
        canvas, ui, "jobs " + theme.crumb() + " " + detail.id(), state(detail, theme), theme);
    Snapshot.Detail data = detail.data();
    if (data == null) {
      canvas.text(layout.pane(), theme.ascii() ? "loading" : "loading …", theme.dim());
      Footer.status(canvas, ui, "", layout.hints(), theme);
      return;
    }
    if (data.job().isEmpty()) {
      canvas.text(layout.pane(), "There is no job " + detail.id() + " any more.", theme.plain());
      Footer.status(canvas, ui, "", layout.hints(), theme);
      return;
    }
    summary(canvas, data.job().get(), layout, theme);
    tabs(canvas, detail, data, layout, theme);
    pane(canvas, detail, layout, theme);
    Footer.status(canvas, ui, position(detail, layout, theme), layout.hints(), theme);
  }

  private static List<Line.Span> state(JobDetail detail, Theme theme) {
    if (detail.data() == null || detail.data().job().isEmpty()) {
      return List.of();
    }
    Job job = detail.data().job().get();
    return List.of(
        new Line.Span(theme.mark(job.status()) + " " + job.status().word(), theme.of(job.status())),
        new Line.Span("attempt %d/%d".formatted(job.attempt(), job.maxAttempts()), theme.plain()));
  }

  private static void summary(Canvas canvas, Job job, DetailLayout layout, Theme theme) {
    Rect all = Rect.of(canvas.size()).inset(1, 0);
    int row = 1;
    if (layout.times()) {
      canvas.text(all.row(row++), theme.cut(times(job, theme), all.width()), theme.plain());
    }
    if (layout.error()) {
      labelled(
          canvas,
          all.row(row++),
          switch (job.status()) {
            case RUNNING -> "Now";
            case WAITING, QUEUED -> "Why";
            case COMPLETED -> "Result";
            case FAILED, INTERRUPTED -> "Error";
          },
          note(job),
          theme);
    }
    if (layout.prompt()) {
      labelled(canvas, all.row(row++), "Prompt", job.prompt(), theme);
      String directory = job.artifactsDirectory();
      labelled(
          canvas,
          all.row(row),
          "Files",
          directory == null
              ? theme.dash()
              : ".pipeline-runs/%s%s/ (4 files; full paths on Metadata)"
                  .formatted(job.runId().toString().substring(0, 8), theme.ellipsis()),
          theme);
    }
  }

  private static String note(Job job) {
    @Nullable String note =
        switch (job.status()) {
          case RUNNING -> job.reason() == null ? job.progress() : job.reason();
          case WAITING, QUEUED -> job.reason();
          case COMPLETED -> job.result();
          case FAILED, INTERRUPTED -> job.error() == null ? job.reason() : job.error();
        };
    return note == null ? "" : note;
  }

  private static void labelled(Canvas canvas, Rect place, String label, String text, Theme theme) {
    canvas.text(place, label, theme.title());
    Rect rest = new Rect(place.left() + 8, place.top(), place.width() - 8, place.height());
    // Only the start of a text of megabytes is worth cleaning.
    String start = text.substring(0, Math.min(text.length(), 4 * canvas.size().width()));
    canvas.text(rest, theme.cut(CellText.clean(start), rest.width()), theme.plain());
  }

  private static String times(Job job, Theme theme) {
    StringBuilder text = new StringBuilder(CellText.clean(job.provider()));
    text.append("  created ").append(clock(job.createdAt()));
    if (job.startedAt() != null) {
      text.append("  started ").append(clock(job.startedAt()));
    }
    if (job.completedAt() != null) {
      text.append("  completed ").append(clock(job.completedAt()));
    }
    if (job.duration() != null) {
      text.append("  ").append(Durations.format(job.duration()));
    }
    if (job.costUsd() != null) {
      text.append("  ").append(DetailText.cost(job.costUsd(), false, theme));
    }
    return text.toString();
  }

  private static void tabs(
      Canvas canvas, JobDetail detail, Snapshot.Detail data, DetailLayout layout, Theme theme) {
    Rect row = Rect.of(canvas.size()).row(layout.tabs());
    boolean titles = row.width() >= 50;
    int column = 1;
    for (JobDetail.Tab tab : JobDetail.Tab.values()) {
      String count = count(tab, data, detail.logs());
      boolean titled = titles || tab == detail.tab();
      String title =
          titled
              ? "[%d %s%s]".formatted(tab.number(), tab.title(), count)
              : "[%d]".formatted(tab.number());
      column =
          canvas.text(
              new Rect(column, row.top(), row.width() - column, 1),
              title,
              tab == detail.tab() ? theme.selected() : theme.dim());
      column++;
    }
  }

  private static String count(JobDetail.Tab tab, Snapshot.Detail data, LogPosition logs) {
    return switch (tab) {
      case ATTEMPTS -> data.executions().isEmpty() ? "" : " " + data.executions().size();
      case TOOLS ->
          data.tools().count() == 0
              ? ""
              : " %d%s".formatted(data.tools().count(), data.tools().complete() ? "" : "+");
      case LOGS -> logs.attempt() == 0 ? "" : " of attempt " + logs.attempt();
      case METADATA -> "";
    };
  }

  private static void pane(Canvas canvas, JobDetail detail, DetailLayout layout, Theme theme) {
    Rect pane = layout.pane();
    if (detail.showsLog()) {
      LogPane log = detail.pane(pane.width(), theme);
      if (log.lines().isEmpty()) {
        canvas.text(pane, empty(detail), theme.dim());
      }
      List<Line> lines = log.lines().stream().map(LogPane.Row::text).toList();
      TextPane.draw(canvas, pane, lines, log.top(detail.logs(), pane.height()));
      return;
    }
    List<Line> lines = DetailText.lines(detail, pane.width(), theme);
    int top =
        detail.tab() == JobDetail.Tab.ATTEMPTS
            ? Attempts.top(detail, pane.height())
            : detail.scroll();
    TextPane.draw(canvas, pane, lines, TextPane.clampTop(top, lines.size(), pane.height()));
  }

  private static String empty(JobDetail detail) {
    Snapshot.Detail data = detail.data();
    if (data == null || data.executions().isEmpty()) {
      return "It has not run yet.";
    }
    if (detail.window().attempt() == 0) {
      return "loading";
    }
    if (detail.tab() == JobDetail.Tab.TOOLS && !data.complete()) {
      return "looking for tool calls";
    }
    return detail.tab() == JobDetail.Tab.TOOLS ? "No tool was called." : "Nothing logged yet.";
  }

  private static String position(JobDetail detail, DetailLayout layout, Theme theme) {
    if (detail.tab() == JobDetail.Tab.ATTEMPTS) {
      return Attempts.position(detail);
    }
    if (!detail.showsLog()) {
      int lines = DetailText.lines(detail, layout.pane().width(), theme).size();
      int top = TextPane.clampTop(detail.scroll(), lines, layout.pane().height());
      int last = Math.min(lines, top + layout.pane().height());
      return "lines %d%s%d of %d".formatted(Math.min(top + 1, last), theme.range(), last, lines);
    }
    LogWindow window = detail.window();
    if (window.lines().isEmpty()) {
      return detail.logs().follow() ? "follow on" : "follow off";
    }
    String dot = " " + theme.dot() + " ";
    StringBuilder text = new StringBuilder(detail.logs().follow() ? "follow on" : "follow off");
    text.append(dot).append("attempt ").append(window.attempt());
    boolean calls = detail.tab() == JobDetail.Tab.TOOLS;
    LogPane log = detail.pane(layout.pane().width(), theme);
    int bottom = log.top(detail.logs(), layout.pane().height()) + layout.pane().height();
    if (!log.lines().isEmpty()) {
      long seq = log.lines().get(Math.min(bottom, log.lines().size()) - 1).seq();
      text.append(dot).append(calls ? call(detail, seq) : entry(window, seq));
    }
    text.append(dot).append(detail.logs().wrap() ? "wrap on" : "wrap off");
    if (!detail.search().text().isEmpty()) {
      text.append(dot).append(hits(detail));
    }
    if (detail.logs().skipped() > 0) {
      text.append(dot).append("skipped %,d".formatted(detail.logs().skipped()));
    }
    return text.toString();
  }

  private static String entry(LogWindow window, long seq) {
    String last = window.toEnd() ? " of %,d".formatted(window.lines().getLast().seq()) : "";
    return "entry %,d%s".formatted(seq, last);
  }

  private static String call(JobDetail detail, long seq) {
    LogHits calls = detail.data() == null ? LogHits.NONE : detail.data().tools();
    return "call %,d of %,d%s"
        .formatted(calls.before(seq + 1) + 1, calls.count(), calls.complete() ? "" : "+");
  }

  /// Such as `/FAIL 3 of 17`.
  private static String hits(JobDetail detail) {
    LogHits hits = detail.data() == null ? LogHits.NONE : detail.data().found();
    long current = detail.search().current();
    int number = current == 0 ? 0 : hits.before(current + 1) + 1;
    String more = hits.complete() && !hits.capped() ? "" : "+";
    return "/%s %s%d%s"
        .formatted(
            CellText.clean(detail.search().text()),
            number == 0 ? "" : number + " of ",
            hits.count(),
            more);
  }
}
