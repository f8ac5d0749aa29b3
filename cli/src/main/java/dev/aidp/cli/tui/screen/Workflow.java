package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps of the project's workflow, as `aidp execute` lists them.
///
/// @param lines null before the first answer
record Workflow(ListCursor cursor, @Nullable List<String> lines) implements RowsScreen {
  static final Workflow EMPTY = new Workflow(ListCursor.START, null);

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first step", "last step"),
          List.of(
              bind(
                  Action.of(Workflow.class, Workflow::open),
                  "queue the next step",
                  "next step",
                  Key.Named.ENTER,
                  Key.of('n'))),
          List.of(CommonKeys.back("back", Key.of('q'))));

  @Override
  public Want want(Size size) {
    return new Want.Workflow();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return snapshot.body() instanceof Snapshot.Workflow(List<String> now)
        ? new Workflow(cursor.in(now.size(), RowsView.height(size)), now)
        : this;
  }

  @Override
  public Workflow with(ListCursor next) {
    return new Workflow(next, lines);
  }

  @Override
  public int count() {
    return lines == null ? 0 : lines.size();
  }

  @Override
  public Step open(Ui ui, Size size) {
    return Update.ask(ui, new Request.NextStep());
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    for (String line : lines == null ? List.<String>of() : lines) {
      rows.add(RowsView.line(line, width, theme));
    }
    String empty = lines == null ? "loading" : "there is no step";
    return new RowsPicture("menu " + theme.crumb() + " workflow", List.of(), "", rows, empty);
  }
}
