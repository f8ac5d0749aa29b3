package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;

/// A screen that is a short list, loaded as a whole, with a cursor.
sealed interface RowsScreen extends Screen
    permits Menu, Prompts, Pipelines, Workflow, Workers, Runs, RunView {
  ListCursor cursor();

  RowsScreen with(ListCursor cursor);

  /// How many rows there are.
  int count();

  /// What Enter does.
  Step open(Ui ui, Size size);

  RowsPicture picture(int width, Theme theme);

  @Override
  default Step moved(Move move, Ui ui, Size size) {
    if (count() == 0) {
      return Step.notice(ui, "there is nothing to move to");
    }
    ListCursor next = cursor().moved(move, count(), RowsView.height(size));
    boolean up = move == Move.UP || move == Move.PAGE_UP || move == Move.TOP;
    return next.equals(cursor())
        ? Step.notice(ui, up ? "this is the first row" : "this is the last row")
        : Step.to(ui.withTop(with(next)));
  }

  @Override
  default Step clicked(int row, Ui ui, Size size) {
    int index = cursor().in(count(), RowsView.height(size)).top() + row - RowsView.TOP;
    if (row < RowsView.TOP || row >= RowsView.TOP + RowsView.height(size) || index >= count()) {
      return Step.to(ui);
    }
    return index == cursor().selected()
        ? open(ui, size)
        : Step.to(ui.withTop(with(cursor().at(index))));
  }
}
