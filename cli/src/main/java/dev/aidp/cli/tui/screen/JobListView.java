package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want.Order;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.db.read.CountJobs.Counts;
import java.util.List;
import org.jline.utils.AttributedStyle;

/// Draws [JobList].
final class JobListView {
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
      StatusCounts.line(ui.overview().counts(), row.width(), theme).draw(canvas, row);
      return;
    }
    String shown = theme.cut("/" + CellText.clean(filter), row.width());
    int width = CellText.width(shown);
    Rect rest = new Rect(row.left(), row.top(), row.width() - width - 2, row.height());
    StatusCounts.line(ui.overview().counts(), rest.width(), theme).draw(canvas, rest);
    canvas.textRight(row, shown, theme.key());
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
      return "looked at %s jobs …".formatted(StatusCounts.rounded(window.looked()));
    }
    return list.query().text().isEmpty()
        ? "No jobs yet. Esc leads to the menu; or in another terminal: aidp prompt \"…\""
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
      text.append(" of ")
          .append(counts.exact() ? "" : "~")
          .append(StatusCounts.rounded(counts.total()));
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
      text.append("   looked at ").append(StatusCounts.rounded(window.looked()));
    } else if (list.place().owed() != 0 || list.place().seeking() != null) {
      text.append("   loading");
    }
    if (window.unseen().atLeast() > 0) {
      boolean above = list.query().order() == Order.NEWEST_FIRST;
      text.append(
          "   %s %s newer (%s)"
              .formatted(
                  above ? theme.newer() : theme.newerBelow(),
                  StatusCounts.amount(window.unseen()),
                  above ? "g" : "G"));
    }
    return text.toString();
  }

  /// Such as `rows 1–17`.
  private static String rows(
      JobList list, Snapshot.Jobs window, Viewport viewport, int shown, Theme theme) {
    if (window.above().exact()) {
      long first = window.above().atLeast() + viewport.top() + 1;
      return shown == 1 ? "row " + first : "rows " + first + theme.range() + (first + shown - 1);
    }
    if (window.toLast() && viewport.top() + shown == window.rows().size()) {
      return shown == 1 ? "the last row" : "the last " + shown + " rows";
    }
    return list.query().text().isEmpty()
        ? "rows beyond " + StatusCounts.rounded(window.above().atLeast())
        : shown == 1 ? "1 row" : shown + " rows";
  }
}
