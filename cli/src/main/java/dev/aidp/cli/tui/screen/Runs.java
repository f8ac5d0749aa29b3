package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.RunText.Run;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.text.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The latest runs of pipelines, newest first.
///
/// @param runs null before the first answer
record Runs(ListCursor cursor, @Nullable List<Run> runs) implements RowsScreen {
  static final Runs EMPTY = new Runs(ListCursor.START, null);

  private static final int STATUS = 13;
  private static final int NARROW_NAME = 13;

  /// Below this, a status is its mark only, and the reason goes.
  private static final int WIDE = 56;

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "newest run", "oldest run"),
          List.of(bind(Action.of(Runs.class, Runs::open), "its nodes", "open", Key.Named.ENTER)),
          List.of(CommonKeys.back("back", Key.of('q'))));

  @Override
  public Want want(Size size) {
    return new Want.Runs();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    if (!(snapshot.body() instanceof Snapshot.Runs(List<Run> now))) {
      return this;
    }
    int at = cursor.selected();
    for (int i = 0; runs != null && !runs.isEmpty() && i < now.size(); i++) {
      if (now.get(i).id().equals(runs.get(cursor.selected()).id())) {
        at = i;
      }
    }
    // New runs come above; the page moves with the selected one.
    ListCursor moved = new ListCursor(cursor.top() + at - cursor.selected(), at);
    return new Runs(moved.in(now.size(), RowsView.height(size)), now);
  }

  @Override
  public Runs with(ListCursor next) {
    return new Runs(next, runs);
  }

  @Override
  public int count() {
    return runs == null ? 0 : runs.size();
  }

  private Optional<Run> selected() {
    return runs == null || runs.isEmpty()
        ? Optional.empty()
        : Optional.of(runs.get(cursor.selected()));
  }

  @Override
  public Step open(Ui ui, Size size) {
    return selected()
        .map(run -> Step.to(ui.push(RunView.of(run.id()))))
        .orElseGet(() -> Step.notice(ui, "there is no run yet"));
  }

  @Override
  public Optional<Clip> clip(Size size) {
    return selected().map(run -> new Clip(run.id().toString(), run.id().toString()));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    boolean wide = width >= WIDE;
    int pipeline = wide ? 20 : NARROW_NAME;
    for (Run run : runs == null ? List.<Run>of() : runs) {
      String elapsed = run.elapsed() == null ? theme.dash() : Durations.format(run.elapsed());
      String name = CellText.pad(theme.cut(run.pipeline(), pipeline), pipeline);
      String mark = theme.mark(run.status());
      String rest =
          wide ? "  %8s  %s".formatted(elapsed, run.reason()) : "  %8s".formatted(elapsed);
      rows.add(
          Line.of(
              new Span(run.shortId() + "  " + name + "  ", theme.plain()),
              new Span(
                  wide ? CellText.pad(mark + " " + run.status().word(), STATUS) : mark,
                  theme.of(run.status())),
              new Span(wide ? theme.cut(rest, width - 45) : rest, theme.plain())));
    }
    String title =
        wide
            ? "%-8s  %-20s  %-13s  %8s  %s"
                .formatted("Run", "Pipeline", "Status", "Elapsed", "Reason")
            : "%-8s  %s     %8s".formatted("Run", CellText.pad("Pipeline", NARROW_NAME), "Elapsed");
    return new RowsPicture(
        "runs",
        List.of(),
        RowsView.title(title, width, theme),
        rows,
        runs == null ? "loading" : "No run yet. Start one: aidp run PIPELINE");
  }
}
