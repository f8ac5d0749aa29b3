package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Done;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.error.AidpException;
import org.jspecify.annotations.Nullable;

/// What the state changes on.
public sealed interface Event {
  record Pressed(Key key) implements Event {}

  record Resized() implements Event {}

  /// Ctrl-C, or INT from elsewhere.
  record Interrupted() implements Event {}

  /// The terminal's input ended.
  record HungUp() implements Event {}

  record Answered(Snapshot snapshot) implements Event {}

  /// The database could not be asked.
  record Failed(AidpException failure) implements Event {}

  /// @param done null if it was not
  /// @param failure null if it was
  record Performed(Request request, @Nullable Done done, @Nullable AidpException failure)
      implements Event {}

  /// A word for the footer from elsewhere.
  record Noted(String text) implements Event {}

  /// Time has passed.
  record Tick() implements Event {}
}
