package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want.Order;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedStyle;

/// Draws [JobList].
final class JobListView {
  private static final List<JobStatus> COUNTED =
      List.of(
          JobStatus.RUNNING,
          JobStatus.QUEUED,
          JobStatus.WAITING,
          JobStatus.FAILED,
          JobStatus.INTERRUPTED,
          JobStatus.COMPLETED);

  private JobListView() {}

  static void draw(Canvas canvas, Ui ui, JobList list, Theme theme) {
    ListLayout layout = ListLayout.of(canvas.size());
    Header.draw(canvas, ui, "jobs", words(ui, theme), theme);
    if (layout.counts()) {
      second(canvas, ui, list, Rect.of(canvas.size()).row(1).inset(1, 0), theme);
    }
    Viewport viewport = Viewport.of(list, layout.capacity());
    rows(canvas, list, layout, viewport, theme);
    Footer.status(canvas, ui, position(ui, list, viewport, theme), layout.hints(), theme);
  }

  private static List<Span> words(Ui ui, Theme theme) {
    AttributedStyle workers = ui.overview().workersAlive() == 0 ? theme.warning() : theme.plain();
    return List.of(
        new Span(
            "workers %d/%d".formatted(ui.overview().workersAlive(), ui.overview().workers()),
            workers),
        new Span(JobDetailView.clock(ui.changedAt()), theme.dim()));
  }

  /// The counts, and the filter.
  private static void second(Canvas canvas, Ui ui, JobList list, Rect row, Theme theme) {
    String filter = list.query().text();
    if (filter.isEmpty()) {
      counts(canvas, ui.overview().counts(), row, theme);
      return;
    }
    String shown = theme.cut("/" + CellText.clean(filter), row.width());
    int width = CellText.width(shown);
    Rect rest = new Rect(row.left(), row.top(), row.width() - width - 2, row.height());
    counts(canvas, ui.overview().counts(), rest, theme);
    canvas.textRight(row, shown, theme.key());
  }

  private static void counts(Canvas canvas, Counts counts, Rect row, Theme theme) {
    List<Span> full = new ArrayList<>();
    List<Span> brief = new ArrayList<>();
    for (JobStatus status : COUNTED) {
      Count count = counts.of(status);
      if (count.atLeast() > 0) {
        String short_ = theme.mark(status) + " " + amount(count);
        brief.add(new Span(short_, theme.of(status)));
        full.add(new Span(short_ + " " + status.word(), theme.of(status)));
      }
    }
    int width = full.stream().mapToInt(span -> CellText.width(span.text()) + 2).sum();
    int column = row.left();
    for (Span span : width <= row.width() + 2 ? full : brief) {
      if (column + CellText.width(span.text()) > row.right()) {
        break;
      }
      column = canvas.text(row.top(), column, row.right(), span.text(), span.style()) + 2;
    }
  }

  /// Such as `41`, `41+` (at least) and `10k+`.
  private static String amount(Count count) {
    return rounded(count.atLeast()) + (count.exact() ? "" : "+");
  }

  private static String rounded(long number) {
    if (number < 10_000) {
      return Long.toString(number);
    }
    if (number < 1_000_000) {
      return number / 1000 + "k";
    }
    return "%d.%dM".formatted(number / 1_000_000, number / 100_000 % 10);
  }

  private static void rows(
      Canvas canvas, JobList list, ListLayout layout, Viewport viewport, Theme theme) {
    if (list.rows().isEmpty()) {
      String text = nothing(list);
      Rect place = layout.rows().inset(1, 0);
      canvas.text(
          place,
          theme.cut(theme.ascii() ? text.replace("…", "...") : text, place.width()),
          theme.dim());
      return;
    }
    ListColumns columns = ListColumns.of(list.rows(), layout);
    if (layout.titles()) {
      columns.titles(canvas, Rect.of(canvas.size()).row(layout.rows().top() - 1), theme);
    }
    int line = 0;
    for (int i = viewport.top(); i < list.rows().size() && line < layout.rows().height(); i++) {
      boolean selected = i == viewport.selected();
      JobRow row = list.rows().get(i);
      if (i - viewport.top() >= viewport.capacity()) {
        break;
      }
      columns.draw(canvas, layout.rows().row(line), row, selected, theme);
      if (list.marks().contains(row.id())) {
        Rect cell = layout.rows().row(line).inset(2, 0);
        canvas.text(cell, theme.marked(), selected ? theme.selected() : theme.key());
      }
      line++;
      if (selected && !layout.errorColumn() && !row.note().isEmpty()) {
        note(canvas, layout.rows().row(line++), row, theme);
      }
    }
  }

  private static String nothing(JobList list) {
    Snapshot.Jobs window = list.window();
    if (window == null) {
      return "loading …";
    }
    if (!window.complete()) {
      return "looked at %s jobs …".formatted(rounded(window.looked()));
    }
    return list.query().text().isEmpty()
        ? "No jobs yet. Queue one in another terminal: aidp prompt \"…\""
        : "No job matches. Esc clears the filter.";
  }

  private static void note(Canvas canvas, Rect place, JobRow row, Theme theme) {
    Rect text = new Rect(place.left() + 5, place.top(), place.width() - 6, place.height());
    canvas.text(text, theme.cut(row.note(), text.width()), theme.of(row.status()));
  }

  private static String position(Ui ui, JobList list, Viewport viewport, Theme theme) {
    Snapshot.Jobs window = list.window();
    if (window == null || window.rows().isEmpty()) {
      return "";
    }
    int shown = Math.min(viewport.capacity(), window.rows().size() - viewport.top());
    StringBuilder text = new StringBuilder(rows(list, window, viewport, shown, theme));
    if (list.query().text().isEmpty()) {
      Counts counts = ui.overview().counts();
      text.append(" of ").append(counts.exact() ? "" : "~").append(rounded(counts.total()));
    } else if (window.complete() && window.fromFirst() && window.toLast()) {
      text.append(" of ").append(window.rows().size());
    }
    if (list.query().order() == Order.OLDEST_FIRST) {
      text.append("   oldest first");
    }
    if (!list.marks().isEmpty()) {
      text.append("   ").append(list.marks().size()).append(" marked");
    }
    if (!window.complete()) {
      text.append("   looked at ").append(rounded(window.looked()));
    } else if (list.place().owed() != 0 || list.place().seeking() != null) {
      text.append("   loading");
    }
    if (window.unseen().atLeast() > 0) {
      boolean above = list.query().order() == Order.NEWEST_FIRST;
      text.append(
          "   %s %s newer (%s)"
              .formatted(
                  above ? theme.newer() : theme.newerBelow(),
                  amount(window.unseen()),
                  above ? "g" : "G"));
    }
    return text.toString();
  }

  /// Such as `rows 1–17`.
  private static String rows(
      JobList list, Snapshot.Jobs window, Viewport viewport, int shown, Theme theme) {
    if (window.above().exact()) {
      long first = window.above().atLeast() + viewport.top() + 1;
      return "rows " + first + theme.range() + (first + shown - 1);
    }
    if (window.toLast() && viewport.top() + shown == window.rows().size()) {
      return "the last " + shown + " rows";
    }
    return list.query().text().isEmpty()
        ? "rows beyond " + rounded(window.above().atLeast())
        : shown + " rows";
  }
}
