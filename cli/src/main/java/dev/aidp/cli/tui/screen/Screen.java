package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Bindings;
import java.util.List;
import java.util.Optional;

/// One level of the way down through the program. Immutable.
sealed interface Screen permits JobList, JobDetail, RowsScreen {
  /// What it needs from the database.
  Want want(Size size);

  Bindings<Action> bindings();

  /// With what the database answered; unchanged if the answer is to an older question.
  Screen accept(Snapshot snapshot, Size size);

  Step moved(Move move, Ui ui, Size size);

  /// What Esc does.
  default Step back(Ui ui) {
    return ui.path().size() == 1
        ? Step.notice(ui, "this is the outermost screen; q leaves")
        : Step.to(ui.pop());
  }

  /// What to copy.
  default Optional<Clip> clip(Size size) {
    return Optional.empty();
  }

  /// What was typed behind a slash.
  default Step searched(String text, Ui ui, Size size) {
    return Step.notice(ui, "there is nothing to be searched here");
  }

  /// What the word that ends at the cursor could become.
  default List<String> completions(String word) {
    return List.of();
  }

  /// @param row of the terminal, from 0
  default Step clicked(int row, Ui ui, Size size) {
    return Step.to(ui);
  }
}
