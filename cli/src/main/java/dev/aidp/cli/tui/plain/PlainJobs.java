package dev.aidp.cli.tui.plain;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.JobsSource;
import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.JobFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The list of jobs as lines, and a line for each change while the user types nothing. For one
/// thread.
final class PlainJobs {
  private static final int ROWS = 20;
  private static final int LOG_LINES = 40;
  private static final long LOOK_MILLIS = 100;
  private static final long POLL_NANOS = 1_000_000_000L;
  private static final Want.Jobs LATEST =
      new Want.Jobs(JobFilter.ALL, Want.Order.NEWEST_FIRST, new Want.Anchor.First(), ROWS, 0);

  private final BufferedReader in;
  private final PrintStream out;
  private final JobsSource source;
  private final Consumer<Request> perform;
  private final Map<Long, JobRow> known = new HashMap<>();
  private boolean down;

  PlainJobs(BufferedReader in, PrintStream out, JobsSource source, Consumer<Request> perform) {
    this.in = in;
    this.out = out;
    this.source = source;
    this.perform = perform;
  }

  /// Until the user goes back, or the input ends.
  void run() throws IOException, InterruptedException {
    list();
    out.println("Type: list, show ID, logs ID, retry ID, resume ID, cancel ID, again ID, or back.");
    long due = System.nanoTime() + POLL_NANOS;
    while (true) {
      if (in.ready()) {
        String line = in.readLine();
        if (line == null || !command(line.strip())) {
          return;
        }
      } else if (System.nanoTime() - due >= 0) {
        changes();
        due = System.nanoTime() + POLL_NANOS;
      } else {
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  /// @return false: back
  private boolean command(String line) {
    String[] words = line.split("\\s+", -1);
    switch (words[0]) {
      case "back", "q", "quit" -> {
        return false;
      }
      case "list", "" -> list();
      case "show", "logs", "retry", "resume", "cancel", "again" -> withId(words);
      default -> out.println("There is no " + CellText.clean(words[0]) + " here.");
    }
    out.flush();
    return true;
  }

  private void withId(String[] words) {
    long id;
    try {
      id = words.length == 2 ? Long.parseLong(words[1]) : 0;
    } catch (NumberFormatException e) {
      id = 0;
    }
    if (id <= 0) {
      out.println("Type " + words[0] + " and the id of a job.");
      return;
    }
    switch (words[0]) {
      case "show" -> show(id);
      case "logs" -> logs(id);
      case "retry" -> perform.accept(new Request.Retry(List.of(id)));
      case "resume" -> perform.accept(new Request.Resume(id));
      case "cancel" -> perform.accept(new Request.Cancel(List.of(id)));
      default -> perform.accept(new Request.Again(id));
    }
  }

  private List<JobRow> rows() {
    try {
      Snapshot.Body body = source.read(LATEST).body();
      if (down) {
        down = false;
        out.println("The database answers again.");
      }
      return body instanceof Snapshot.Jobs jobs ? jobs.rows() : List.of();
    } catch (AidpException e) {
      if (!down) {
        down = true;
        out.println(
            "The database does not answer: " + CellText.clean(String.valueOf(e.getMessage())));
      }
      return List.of();
    }
  }

  private void list() {
    List<JobRow> rows = rows();
    rows.forEach(row -> known.put(row.id(), row));
    if (rows.isEmpty() && !down) {
      out.println("There are no jobs yet.");
    }
    rows.stream().limit(ROWS).forEach(row -> out.println(line(row)));
    out.flush();
  }

  private static String line(JobRow row) {
    String duration = row.duration() == null ? "" : ", " + Durations.format(row.duration());
    String note = row.note().isEmpty() ? "" : ": " + row.note();
    return "Job %d, %s, %s, %s%s%s"
        .formatted(row.id(), row.provider(), row.name(), row.status().word(), duration, note);
  }

  /// Only what is another status: what a job does at each moment would be too much to listen to.
  private void changes() {
    for (JobRow row : rows().reversed()) {
      JobRow before = known.put(row.id(), row);
      if (before == null) {
        out.println("New: " + line(row));
      } else if (before.status() != row.status()) {
        out.println(line(row));
      }
    }
    out.flush();
  }

  private void show(long id) {
    Snapshot.Detail detail = detail(id);
    if (detail == null || detail.job().isEmpty()) {
      out.println("There is no job " + id + ".");
      return;
    }
    out.println(line(JobRow.of(detail.job().get())));
    out.println("Prompt: " + CellText.clean(detail.job().get().prompt()));
    detail
        .executions()
        .forEach(execution ->
            out.println(
                "Attempt %d, %s, %s"
                    .formatted(
                        execution.attempt(),
                        execution.status().word(),
                        Durations.format(execution.duration()))));
  }

  private void logs(long id) {
    Snapshot.Detail detail = detail(id);
    List<LogLine> lines = detail == null ? List.of() : detail.logs().lines();
    if (lines.isEmpty()) {
      out.println("There is no log.");
    }
    for (LogLine line : lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())) {
      out.println(line.level().word() + ": " + String.join(" ", line.message()));
    }
  }

  private Snapshot.@Nullable Detail detail(long id) {
    try {
      Want want = new Want.Job(id, 0, new Want.Logs.Tail(), false, false, "");
      return source.read(want).body() instanceof Snapshot.Detail detail ? detail : null;
    } catch (AidpException e) {
      out.println("Not done: " + CellText.clean(String.valueOf(e.getMessage())));
      return null;
    }
  }
}
