package dev.aidp.cli.tui.data;

import java.util.List;

/// What a user wants done.
public sealed interface Request {
  /// New executions from scratch.
  record Retry(List<Long> jobIds) implements Request {
    public Retry {
      jobIds = List.copyOf(jobIds);
    }
  }

  /// A new execution from the saved session.
  record Resume(long jobId) implements Request {}

  record Cancel(List<Long> jobIds) implements Request {
    public Cancel {
      jobIds = List.copyOf(jobIds);
    }
  }

  /// A new job that asks for the same.
  record Again(long jobId) implements Request {}
}
