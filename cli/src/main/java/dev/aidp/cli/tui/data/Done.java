package dev.aidp.cli.tui.data;

/// What became of a [Request].
///
/// @param text what was done, in a few words
/// @param newJobId the job that was queued; 0: none
public record Done(String text, long newJobId) {
  public static Done of(String text) {
    return new Done(text, 0);
  }
}
