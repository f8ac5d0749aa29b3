package dev.aidp.cli.tui.data;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of a [Request].
///
/// @param text what was done, in a few words
/// @param newJobId the job that was queued; 0: none
/// @param newRun the run of a pipeline that was queued; null: none
public record Done(String text, long newJobId, @Nullable UUID newRun) {
  public static Done of(String text) {
    return new Done(text, 0, null);
  }

  public static Done queued(String text, long jobId) {
    return new Done(text, jobId, null);
  }
}
