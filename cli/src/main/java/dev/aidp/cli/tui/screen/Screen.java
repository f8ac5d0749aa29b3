package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Bindings;

/// One level of the way down through the program. Immutable.
sealed interface Screen permits JobList, JobDetail {
  /// What it needs from the database.
  Want want(Size size);

  Bindings<Action> bindings();

  /// With what the database answered; unchanged if the answer is to an older question.
  Screen accept(Snapshot snapshot, Size size);

  /// What a key does here. Those that work everywhere never arrive.
  Step act(Action action, Ui ui, Size size);
}
