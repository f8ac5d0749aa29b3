package dev.aidp.cli.tui;

/// What the screens need from outside of the terminal.
public interface Outside {
  /// Lets a background worker that died be replaced. Called every few seconds on a thread of its
  /// own while the database answers, and after each retry; what it throws is shown in the footer.
  void ensureWorker();

  /// Shows the log of one of a job's attempts in the pager, which has the terminal. Blocks.
  ///
  /// @param attempt 0: the latest
  /// @return why it was not shown; empty: it was
  String page(long jobId, int attempt);

  /// Lets the user write a file of prompts/ in the editor, which has the terminal. Blocks.
  ///
  /// @return what there is to say
  String edit(String name);
}
