package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.draw.Canvas;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.Durations;
import java.util.List;
import org.jline.utils.AttributedStyle;

/// Where the columns of the job list are; a width of 0 means that there is no such column.
record ListColumns(int id, int name, int provider, int status, int duration, int gap) {
  private static final int MARGIN = 3;

  static ListColumns of(List<JobRow> rows, ListLayout layout) {
    int id = rows.stream().mapToInt(row -> Long.toString(row.id()).length()).max().orElse(2);
    int longest = rows.stream().mapToInt(row -> CellText.width(row.provider())).max().orElse(0);
    return new ListColumns(
        Math.max(4, id),
        layout.nameColumn() ? layout.size().width() / 5 : 0,
        layout.providerColumn() ? Math.clamp(longest, 8, 14) : 0,
        layout.statusWord() ? 13 : 1,
        // The longest duration has six characters: nothing of it is cut in 20 columns.
        layout.statusWord() ? 8 : 6,
        layout.statusWord() ? 2 : 1);
  }

  void titles(Canvas canvas, Rect row, Theme theme) {
    AttributedStyle style = theme.title();
    int column = right(canvas, row, MARGIN, id, "ID", style);
    column = left(canvas, row, column, name, "Name", style);
    column = left(canvas, row, column, provider, "Provider", style);
    column = left(canvas, row, column, status, status > 1 ? "Status" : "", style);
    column = right(canvas, row, column, duration, duration < 8 ? "Time" : "Duration", style);
    if (provider > 0 && row.width() >= 80) {
      // Without a column of their own the names of jobs are where there is no error.
      String title = name > 0 ? "Error" : "Error, or name";
      left(canvas, row, column, row.right() - column, title, style);
    }
  }

  void draw(Canvas canvas, Rect row, JobRow job, boolean selected, Theme theme) {
    AttributedStyle plain = selected ? theme.selected() : theme.plain();
    AttributedStyle status = selected ? theme.selected() : theme.of(job.status());
    if (selected) {
      canvas.clear(row, plain);
      canvas.text(row.inset(1, 0), theme.pointer(), plain);
    }
    int column = right(canvas, row, MARGIN, id, Long.toString(job.id()), plain);
    column = cell(canvas, row, column, name, job.name(), plain, theme);
    column = cell(canvas, row, column, provider, job.provider(), plain, theme);
    String mark = theme.mark(job.status());
    column =
        left(
            canvas,
            row,
            column,
            this.status,
            this.status > 1 ? mark + " " + job.status().word() : mark,
            status);
    column = right(canvas, row, column, duration, duration(job, theme), plain);
    if (row.width() >= 80) {
      AttributedStyle note =
          job.status() == JobStatus.FAILED || job.status() == JobStatus.WAITING ? status : plain;
      boolean named = name == 0 && job.note().isEmpty();
      AttributedStyle dim = selected ? theme.selected() : theme.dim();
      cell(
          canvas,
          row,
          column,
          row.right() - column - 1,
          named ? job.name() : job.note(),
          named ? dim : note,
          theme);
    }
  }

  private static String duration(JobRow job, Theme theme) {
    return job.duration() == null ? theme.dash() : Durations.format(job.duration());
  }

  private int cell(
      Canvas canvas,
      Rect row,
      int column,
      int width,
      String text,
      AttributedStyle style,
      Theme theme) {
    return left(canvas, row, column, width, theme.cut(text, width), style);
  }

  /// @return where the next column begins
  private int left(
      Canvas canvas, Rect row, int column, int width, String text, AttributedStyle style) {
    if (width <= 0) {
      return column;
    }
    canvas.text(new Rect(column, row.top(), width, row.height()), text, style);
    return column + width + gap;
  }

  private int right(
      Canvas canvas, Rect row, int column, int width, String text, AttributedStyle style) {
    canvas.textRight(new Rect(column, row.top(), width, row.height()), text, style);
    return column + width + gap;
  }
}
