package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import java.util.ArrayList;
import java.util.List;

/// How many jobs there are of each status, on one line.
final class StatusCounts {
  private static final List<JobStatus> COUNTED =
      List.of(
          JobStatus.RUNNING,
          JobStatus.QUEUED,
          JobStatus.WAITING,
          JobStatus.FAILED,
          JobStatus.INTERRUPTED,
          JobStatus.COMPLETED);

  private static final String GAP = "  ";

  private StatusCounts() {}

  /// Statuses that nothing has are left out; words that there is no room for too, from the right.
  static Line line(Counts counts, int width, Theme theme) {
    List<JobStatus> shown =
        COUNTED.stream().filter(status -> counts.of(status).atLeast() > 0).toList();
    int used =
        shown.stream().mapToInt(status -> GAP.length() + width(brief(counts, status, theme))).sum();
    int room = width + GAP.length() - used;
    List<Span> spans = new ArrayList<>();
    for (JobStatus status : shown) {
      String word = " " + status.word();
      boolean fits = width(word) <= room;
      room = fits ? room - width(word) : 0;
      String text = brief(counts, status, theme) + (fits ? word : "");
      spans.add(new Span(text, theme.of(status)));
      spans.add(new Span(GAP, theme.plain()));
    }
    return new Line(spans);
  }

  private static int width(String text) {
    return CellText.width(text);
  }

  private static String brief(Counts counts, JobStatus status, Theme theme) {
    return theme.mark(status) + " " + amount(counts.of(status));
  }

  /// Such as `41`, `41+` (at least) and `10k+`.
  static String amount(Count count) {
    return rounded(count.atLeast()) + (count.exact() ? "" : "+");
  }

  static String rounded(long number) {
    if (number < 10_000) {
      return Long.toString(number);
    }
    if (number < 1_000_000) {
      return number / 1000 + "k";
    }
    return "%d.%dM".formatted(number / 1_000_000, number / 100_000 % 10);
  }
}
