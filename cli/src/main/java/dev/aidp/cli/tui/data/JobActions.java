package dev.aidp.cli.tui.data;

/// Who does what a user asks for. Used by the [Poller]'s thread only; it may block.
@FunctionalInterface
public interface JobActions {
  /// @throws dev.aidp.core.error.AidpException when it was not done
  Done perform(Request request);
}
