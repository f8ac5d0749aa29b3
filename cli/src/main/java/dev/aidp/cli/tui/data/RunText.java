package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadRunGraph.NodeRow;
import dev.aidp.db.read.ReadRunGraph.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs and nodes with texts that are short and fit for a terminal.
public final class RunText {
  private static final int LONGEST = 400;

  private RunText() {}

  /// A run.
  ///
  /// @param elapsed since it started, to its end if it has ended
  public record Run(
      UUID id,
      String pipeline,
      JobStatus status,
      String reason,
      Instant createdAt,
      @Nullable Duration elapsed) {
    /// The beginning of its id, that names it.
    public String shortId() {
      return id.toString().substring(0, 8);
    }
  }

  /// A node.
  ///
  /// @param needs ids of jobs
  public record Node(
      long jobId,
      String name,
      String provider,
      JobStatus status,
      String note,
      @Nullable Duration duration,
      List<Long> needs) {
    public Node {
      needs = List.copyOf(needs);
    }
  }

  static Run of(RunRow row) {
    return new Run(
        row.id(),
        shown(row.pipeline()),
        row.status(),
        shown(row.reason()),
        row.createdAt(),
        seconds(row.elapsed()));
  }

  static Node of(NodeRow row) {
    return new Node(
        row.jobId(),
        shown(row.node()),
        shown(row.provider()),
        row.status(),
        shown(row.note()),
        seconds(row.duration()),
        row.needs());
  }

  /// Whole ones from one second on: it would else be another figure each time.
  private static @Nullable Duration seconds(@Nullable Duration duration) {
    return duration == null || duration.toSeconds() == 0
        ? duration
        : Duration.ofSeconds(duration.toSeconds());
  }

  private static String shown(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return CellText.clean(text.substring(0, Math.min(text.length(), LONGEST)).strip());
  }
}
