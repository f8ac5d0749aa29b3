package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A job as the list shows it; its texts are fit for a terminal and short.
///
/// @param duration of the latest execution, in whole seconds from one second on
/// @param note the error, what a running job does, or what a waiting one waits for; may be empty
public record JobRow(
    long id,
    String name,
    String provider,
    JobStatus status,
    @Nullable Duration duration,
    String note) {
  private static final int LONGEST = 400;

  public static JobRow of(Job job) {
    return new JobRow(
        job.id(),
        shown(job.name()),
        shown(job.provider()),
        job.status(),
        shown(job.duration()),
        shown(note(job)));
  }

  private static @Nullable String note(Job job) {
    return switch (job.status()) {
      case RUNNING -> job.reason() == null ? job.progress() : job.reason();
      case QUEUED, WAITING -> job.reason();
      case FAILED, INTERRUPTED -> job.error() == null ? job.reason() : job.error();
      case COMPLETED -> job.error();
    };
  }

  private static String shown(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    return CellText.clean(start.strip());
  }

  private static @Nullable Duration shown(@Nullable Duration duration) {
    return duration == null || duration.toSeconds() == 0
        ? duration
        : Duration.ofSeconds(duration.toSeconds());
  }

  /// Whether something happened to it, other than that time passed.
  public boolean differsFrom(JobRow other) {
    boolean sameDuration =
        status == JobStatus.RUNNING || java.util.Objects.equals(duration, other.duration);
    return !(sameDuration
        && id == other.id
        && status == other.status
        && name.equals(other.name)
        && provider.equals(other.provider)
        && note.equals(other.note));
  }
}
