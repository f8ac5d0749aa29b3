package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.Usage;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text of the tabs without a log.
final class DetailText {
  private static final int LABEL = 11;
  private static final int LONGEST = 20_000;
  private static final List<String> FILES =
      List.of("metadata.json", "logs.jsonl", "logs.txt", "tool-calls.jsonl");

  private DetailText() {}

  static List<Line> lines(JobDetail detail, int width, Theme theme) {
    Snapshot.Detail data = detail.data();
    if (data == null || data.job().isEmpty()) {
      return List.of();
    }
    return switch (detail.tab()) {
      case METADATA -> metadata(data.job().get(), width, theme);
      case ATTEMPTS -> Attempts.lines(detail, width, theme);
      case LOGS, TOOLS -> List.of();
    };
  }

  private static List<Line> metadata(Job job, int width, Theme theme) {
    Fields fields = new Fields(width, theme);
    fields.add("Job ID", Long.toString(job.id()));
    fields.add("Name", job.name());
    fields.add(
        "Provider", job.model() == null ? job.provider() : job.provider() + " " + job.model());
    fields.add("Status", theme.mark(job.status()) + " " + job.status().word());
    fields.add("Reason", job.reason());
    fields.add("Created", time(job.createdAt(), theme));
    fields.add("Started", time(job.startedAt(), theme));
    fields.add("Completed", time(job.completedAt(), theme));
    fields.add("Duration", duration(job.duration(), theme));
    fields.add("Error", job.error() == null ? theme.dash() : job.error());
    fields.add("Class", job.errorClass() == null ? null : job.errorClass().word());
    fields.add("Exit code", job.exitCode() == null ? null : job.exitCode().toString());
    fields.add(
        "Attempt",
        "%d of %d, %d %s"
            .formatted(
                job.attempt(),
                job.maxAttempts(),
                job.crashCount(),
                job.crashCount() == 1 ? "crash" : "crashes"));
    fields.add("Cost", cost(job.costUsd(), job.costEstimated(), theme));
    fields.add("Tokens", tokens(job.usage()));
    fields.add("Session", job.sessionId());
    fields.add("Workspace", job.workspace());
    fields.add("Host", job.host() == null ? "any" : job.host());
    fields.add("Run", job.runId().toString());
    fields.add("Metadata", job.metadata());
    String directory = job.artifactsDirectory();
    for (int i = 0; directory != null && i < FILES.size(); i++) {
      fields.add(i == 0 ? "Files" : "", directory + "/" + FILES.get(i));
    }
    fields.add("Prompt", job.prompt());
    fields.add("Result", job.result());
    return fields.lines;
  }

  /// Label and value, the value wrapped behind the label.
  private static final class Fields {
    private final int width;
    private final Theme theme;
    private final List<Line> lines = new ArrayList<>();

    Fields(int width, Theme theme) {
      this.width = width;
      this.theme = theme;
    }

    void add(String label, @Nullable String value) {
      if (value == null) {
        return;
      }
      String shown = label;
      int room = Math.max(10, width - LABEL);
      String start = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
      for (String line : CellText.cleanLines(start)) {
        for (String piece : CellText.wrap(line, room)) {
          lines.add(
              Line.of(
                  new Span(("%-" + LABEL + "s").formatted(shown), theme.title()),
                  new Span(piece, theme.plain())));
          shown = "";
        }
      }
      if (value.length() > LONGEST) {
        lines.add(
            Line.of("(%,d more characters)".formatted(value.length() - LONGEST), theme.dim()));
      }
    }
  }

  private static String time(@Nullable Instant time, Theme theme) {
    return time == null ? theme.dash() : Timestamps.format(time);
  }

  private static String duration(@Nullable Duration duration, Theme theme) {
    return duration == null ? theme.dash() : Durations.format(duration);
  }

  static String cost(@Nullable BigDecimal usd, boolean estimated, Theme theme) {
    if (usd == null) {
      return theme.dash();
    }
    int digits = usd.compareTo(new BigDecimal("0.1")) < 0 ? 4 : 2;
    return "$" + usd.setScale(digits, RoundingMode.HALF_UP) + (estimated ? " (estimated)" : "");
  }

  static String tokens(Usage usage) {
    return "%,d in (%,d cached), %,d out"
        .formatted(usage.inputTokens(), usage.cachedTokens(), usage.outputTokens());
  }
}
