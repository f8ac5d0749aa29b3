package dev.aidp.cli.tui.data;

/// What a user wants done to a job.
public sealed interface Request {
  long jobId();

  /// A new execution from scratch.
  record Retry(long jobId) implements Request {}

  /// A new execution from the saved session.
  record Resume(long jobId) implements Request {}

  record Cancel(long jobId) implements Request {}
}
