package dev.aidp.cli.tui.data;

import java.util.List;
import java.util.UUID;

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

  /// A new job of an agent.
  ///
  /// @param provider, model empty: the default
  record Prompt(String text, String provider, String model) implements Request {}

  /// A new run of a pipeline.
  ///
  /// @param prompt empty: it uses none
  record Pipeline(String path, String prompt) implements Request {}

  /// The next step of the workflow.
  record NextStep() implements Request {}

  /// The answer to an approval.
  ///
  /// @param jobId of the step or node that asks for it
  /// @param comment may be empty
  record Answer(long jobId, boolean approve, String comment) implements Request {}

  /// What did not complete of a run.
  record ResumeRun(UUID run) implements Request {}

  /// A new run of the same pipeline with the same prompt.
  record RerunRun(UUID run) implements Request {}

  record CancelRun(UUID run) implements Request {}
}
