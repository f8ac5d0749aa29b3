package dev.aidp.cli.command;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.ListPauses.Pause;
import dev.aidp.db.read.ReadWorkflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `aidp status` shows, in lines of at most 80 columns.
final class StatusScreen {
  private static final int WIDTH = 80;

  private final Console console;
  private final Instant now;
  private final List<String> lines = new ArrayList<>();

  StatusScreen(Console console, Instant now) {
    this.console = console;
    this.now = now;
  }

  List<String> lines() {
    return lines;
  }

  StatusScreen heading(String text) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(text);
    return this;
  }

  /// A line of marks, one for each step, and what is to be said of those that are not done.
  StatusScreen workflow(WorkflowProgress progress) {
    int done = 0;
    StringBuilder marks = new StringBuilder();
    for (StepState state : progress.steps()) {
      done += state.done() ? 1 : 0;
      JobStatus status = shown(state);
      marks.append(
          status == null
              ? (console.utf8() ? "·" : ".")
              : console.paint(status, console.mark(status)));
    }
    lines.add(
        "  %-8s %2d of %-2d  %s".formatted(progress.name(), done, progress.steps().size(), marks));
    for (StepState state : progress.steps()) {
      JobStatus status = shown(state);
      ReadWorkflow.Step latest = state.latest();
      if (status != null && latest != null && !state.done()) {
        entry(status, Long.toString(latest.jobId()), state.step().id(), state.detail());
      }
    }
    return this;
  }

  /// A step that has completed still waits if somebody has to answer for it.
  private static @Nullable JobStatus shown(StepState state) {
    return state.status() == JobStatus.COMPLETED && !state.done()
        ? JobStatus.WAITING
        : state.status();
  }

  /// The latest runs of pipelines.
  StatusScreen runs(List<Run> runs) {
    for (Run run : runs) {
      Instant started = run.startedAt();
      Instant ended = run.completedAt();
      String took =
          started == null ? "" : duration(Duration.between(started, ended == null ? now : ended));
      String why = run.error() == null ? run.reason() : run.error();
      entry(
          run.status(),
          run.id().toString().substring(0, 8),
          run.pipeline(),
          why == null ? took : why);
    }
    return this;
  }

  StatusScreen counts(Counts counts) {
    List<String> words = new ArrayList<>();
    for (JobStatus status : JobStatus.values()) {
      Count count = counts.of(status);
      if (count.atLeast() > 0) {
        String word = console.mark(status) + " " + status.word();
        words.add(
            console.paint(status, word) + ": " + count.atLeast() + (count.exact() ? "" : "+"));
      }
    }
    // Six of them with large numbers do not fit into one line.
    for (int from = 0; from < words.size(); from += 3) {
      lines.add("  " + String.join("   ", words.subList(from, Math.min(from + 3, words.size()))));
    }
    return this;
  }

  StatusScreen running(List<Job> jobs) {
    for (Job job : jobs) {
      Instant started = job.startedAt();
      Duration took = started == null ? Duration.ZERO : Duration.between(started, now);
      entry(
          job.status(), Long.toString(job.id()), job.name(), job.provider() + " " + duration(took));
    }
    return this;
  }

  StatusScreen pauses(List<Pause> pauses) {
    pauses.forEach(pause -> lines.add("  " + Pauses.text(pause)));
    return this;
  }

  private static String duration(Duration duration) {
    return Durations.format(duration.isNegative() ? Duration.ZERO : duration);
  }

  private void entry(JobStatus status, String id, String name, @Nullable String detail) {
    String text =
        "%-8s %-20s %s"
            .formatted(
                id,
                cut(SafeText.oneLine(name), 28),
                detail == null ? "" : SafeText.oneLine(detail));
    String shown = console.outIsTerminal() ? cut(text, WIDTH - 6) : text;
    lines.add("    " + console.paint(status, console.mark(status)) + " " + shown.stripTrailing());
  }

  private static String cut(String text, int columns) {
    if (text.codePointCount(0, text.length()) <= columns) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, columns - 1)) + "…";
  }
}
