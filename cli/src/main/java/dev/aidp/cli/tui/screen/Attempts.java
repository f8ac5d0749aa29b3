package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.Execution;
import dev.aidp.core.text.Durations;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedStyle;

/// The attempts at the job of a [JobDetail], one of them selected: its log can be opened.
final class Attempts {
  /// Below this there is no room for when it began, its exit code and its error.
  private static final int WIDE = 60;

  private static final int LINES_EACH = 2;
  private static final int TITLES = 1;

  private Attempts() {}

  private static List<Execution> of(JobDetail job) {
    Snapshot.Detail data = job.data();
    return data == null ? List.of() : data.executions();
  }

  /// Index of the attempt whose log is shown.
  static int shown(JobDetail job) {
    List<Execution> all = of(job);
    int latest = Math.max(0, all.size() - 1);
    for (int i = 0; i < latest; i++) {
      if (all.get(i).attempt() == job.logs().attempt()) {
        return i;
      }
    }
    return latest;
  }

  private static int selected(JobDetail job) {
    return Math.clamp(job.scroll(), 0, Math.max(0, of(job).size() - 1));
  }

  static Step moved(JobDetail job, Move move, Ui ui, Size size) {
    int page = Math.max(1, DetailLayout.of(size).pane().height() / LINES_EACH);
    int from = selected(job);
    int last = Math.max(0, of(job).size() - 1);
    int to = Math.clamp((long) from + move.rows(page), 0, last);
    return to == from
        ? Step.notice(ui, to == 0 ? "this is the first attempt" : "this is the latest attempt")
        : Step.to(ui.withTop(job.scrolledTo(to)));
  }

  static Step open(JobDetail job, Ui ui, Size size) {
    if (job.tab() != JobDetail.Tab.ATTEMPTS) {
      return Step.notice(ui, "2 shows the attempts, of which one can be opened");
    }
    List<Execution> all = of(job);
    if (all.isEmpty()) {
      return Step.notice(ui, "it has not run yet");
    }
    int index = selected(job);
    // The latest one goes on to be that, whatever follows.
    int attempt = index == all.size() - 1 ? 0 : all.get(index).attempt();
    return Step.to(ui.withTop(job.showing(attempt)));
  }

  /// The first visible line.
  static int top(JobDetail job, int height) {
    return Math.max(0, TITLES + (selected(job) + 1) * LINES_EACH - height);
  }

  static String position(JobDetail job) {
    int count = of(job).size();
    return count == 0
        ? ""
        : "attempt %d of %d, Enter opens its log".formatted(selected(job) + 1, count);
  }

  static List<Line> lines(JobDetail job, int width, Theme theme) {
    List<Execution> all = of(job);
    if (all.isEmpty()) {
      return List.of(Line.of("It has not run yet.", theme.dim()));
    }
    List<Line> lines = new ArrayList<>();
    lines.add(
        Line.of(
            (width < WIDE ? "   #  %-13s  %3$8s" : "   #  %-13s  %-13s %8s  %4s  %s")
                .formatted("Status", "Started", "Duration", "Exit", "Error"),
            theme.title()));
    for (int i = 0; i < all.size(); i++) {
      lines.add(line(all.get(i), i == selected(job), width, theme));
      lines.add(Line.of("      " + figures(all.get(i), theme), theme.dim()));
    }
    return lines;
  }

  private static Line line(Execution execution, boolean selected, int width, Theme theme) {
    String text =
        (width < WIDE ? "%s %2d  %s %-11s  %6$8s" : "%s %2d  %s %-11s  %-13s %8s  %4s  ")
            .formatted(
                selected ? theme.pointer() : " ",
                execution.attempt(),
                theme.mark(execution.status()),
                execution.status().word(),
                JobDetailView.clock(execution.startedAt()),
                Durations.format(execution.duration()),
                execution.exitCode() == null ? "" : execution.exitCode().toString());
    String error = execution.error() == null ? "" : CellText.clean(execution.error());
    AttributedStyle plain = selected ? theme.selected() : theme.plain();
    return Line.of(
        new Span(text, selected ? theme.selected() : theme.of(execution.status())),
        new Span(theme.cut(error, Math.max(0, width - CellText.width(text))), plain));
  }

  private static String figures(Execution execution, Theme theme) {
    StringBuilder text = new StringBuilder(DetailText.tokens(execution.usage()));
    if (execution.costUsd() != null) {
      text.append(", ")
          .append(DetailText.cost(execution.costUsd(), execution.costEstimated(), theme));
    }
    if (execution.workerId() != null) {
      text.append(", worker ").append(execution.workerId());
    }
    if (execution.host() != null) {
      text.append(" on ").append(CellText.clean(execution.host()));
    }
    return text.toString();
  }
}
