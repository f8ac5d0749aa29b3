package dev.aidp.cli.tui.data;

/// Where the data come from. It blocks, so that only the [Poller]'s thread calls it.
public interface JobsSource extends AutoCloseable {
  /// @throws dev.aidp.core.error.AidpException (database) when it could not be read; the next call
  ///   tries anew
  Snapshot read(Want want);

  @Override
  void close();
}
