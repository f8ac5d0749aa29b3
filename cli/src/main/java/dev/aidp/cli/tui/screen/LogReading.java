package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.LogHits;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.TextPane;
import dev.aidp.cli.tui.draw.Theme;
import java.util.function.Function;

/// Moving about in the log of a [JobDetail].
final class LogReading {
  /// Lines are where they are whatever their style.
  private static final Theme STYLELESS = new Theme(false, false);

  private LogReading() {}

  static Step scrolled(JobDetail job, Ui ui, Size size, int lines) {
    Rect pane = DetailLayout.of(size).pane();
    LogPane log = job.pane(pane.width(), STYLELESS);
    int from = log.top(job.logs(), pane.height());
    int to = TextPane.clampTop(from + lines, log.lines().size(), pane.height());
    return to == from
        ? Step.notice(ui, edge(job.window(), lines))
        : Step.to(ui.withTop(job.with(at(job, log, to))));
  }

  private static LogPosition at(JobDetail job, LogPane log, int index) {
    LogPane.Row row = log.lines().get(index);
    return job.logs().at(row.seq(), row.line());
  }

  private static String edge(LogWindow window, int direction) {
    if (direction < 0) {
      return window.fromStart() ? "this is the first line" : "loading earlier lines";
    }
    return window.toEnd() ? "this is the last line" : "loading later lines";
  }

  static Step follow(JobDetail job, Ui ui, Size size) {
    if (!job.showsLog()) {
      return noLog(ui);
    }
    if (!job.logs().follow()) {
      return Step.to(ui.withTop(job.with(job.logs().following())));
    }
    Rect pane = DetailLayout.of(size).pane();
    LogPane log = job.pane(pane.width(), STYLELESS);
    return log.lines().isEmpty()
        ? Step.notice(ui, "there is no line yet to stay at")
        : Step.to(ui.withTop(job.with(at(job, log, log.top(job.logs(), pane.height())))));
  }

  static Step wrap(JobDetail job, Ui ui, Size size) {
    return job.showsLog()
        ? Step.to(ui.withTop(job.with(job.logs().withWrap(!job.logs().wrap()))))
        : noLog(ui);
  }

  static Step times(JobDetail job, Ui ui, Size size) {
    return job.showsLog()
        ? Step.to(ui.withTop(job.with(job.logs().withTimes(!job.logs().times()))))
        : noLog(ui);
  }

  private static Step noLog(Ui ui) {
    return Step.notice(ui, "that is for logs: 1 shows them");
  }

  static Step nextError(JobDetail job, Ui ui, Size size) {
    return toError(job, ui, size, true);
  }

  static Step previousError(JobDetail job, Ui ui, Size size) {
    return toError(job, ui, size, false);
  }

  private static Step toError(JobDetail job, Ui ui, Size size, boolean forward) {
    if (!job.showsLog()) {
      return noLog(ui);
    }
    if (!job.search().errors() || job.data() == null) {
      JobDetail looking =
          job.with(job.search().forErrors())
              .awaiting(forward ? JobDetail.Jump.NEXT_ERROR : JobDetail.Jump.PREVIOUS_ERROR);
      return Step.notice(ui.withTop(looking), "looking for errors");
    }
    return jump(job, ui, size, Snapshot.Detail::errors, "error", forward);
  }

  static Step nextHit(JobDetail job, Ui ui, Size size) {
    return toHit(job, ui, size, true);
  }

  static Step previousHit(JobDetail job, Ui ui, Size size) {
    return toHit(job, ui, size, false);
  }

  private static Step toHit(JobDetail job, Ui ui, Size size, boolean forward) {
    if (job.search().text().isEmpty()) {
      return Step.notice(ui, "nothing is searched for; / searches");
    }
    return job.showsLog() ? jump(job, ui, size, Snapshot.Detail::found, "hit", forward) : noLog(ui);
  }

  private static Step jump(
      JobDetail job,
      Ui ui,
      Size size,
      Function<Snapshot.Detail, LogHits> which,
      String name,
      boolean forward) {
    Snapshot.Detail data = job.data();
    LogHits hits = data == null ? LogHits.NONE : which.apply(data);
    long from = from(job, size, forward);
    int index = forward ? hits.after(from) : hits.before(from);
    if (index < 0 || index >= hits.count()) {
      String so =
          forward && !hits.complete()
              ? "looked at %,d lines so far: no".formatted(hits.lookedTo())
              : "no";
      return Step.notice(ui, "%s %s %s".formatted(so, forward ? "later" : "earlier", name));
    }
    long seq = hits.seq(index);
    return Step.to(
        ui.withTop(job.with(job.search().at(seq)).with(job.logs().at(Math.max(1, seq), 0))));
  }

  /// Behind or before which entry is searched: the one that was jumped to while it is on the
  /// screen, else what is.
  static long from(JobDetail job, Size size, boolean forward) {
    Rect pane = DetailLayout.of(size).pane();
    LogPane log = job.pane(pane.width(), STYLELESS);
    if (log.lines().isEmpty()) {
      return forward ? 0 : Long.MAX_VALUE;
    }
    int top = log.top(job.logs(), pane.height());
    int bottom = Math.min(log.lines().size(), top + pane.height()) - 1;
    long first = log.lines().get(top).seq();
    long last = log.lines().get(bottom).seq();
    long current = job.search().current();
    if (current >= first && current <= last) {
      return current;
    }
    if (job.logs().follow()) {
      return last + 1;
    }
    return forward ? first - 1 : first;
  }
}
