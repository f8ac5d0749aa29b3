package dev.aidp.cli.tui;

/// What the screens need from outside of the terminal.
public interface Outside {
  /// Lets a background worker that died be replaced. Called every few seconds on a thread of its
  /// own while the database answers, and after each retry; what it throws is shown in the footer.
  void ensureWorker();

  /// Shows the log of a job in the pager, which has the terminal. Blocks.
  ///
  /// @return why it was not shown; empty: it was
  String page(long jobId);

  /// Lets the user write a file of prompts/ in the editor, which has the terminal. Blocks.
  ///
  /// @return what there is to say
  String edit(String name);
}
