package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Catalog.PipelineFile;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pipelines of the workspace, behind the offer to name one by its path.
///
/// @param path of the one that a prompt is typed for; empty: none
/// @param files null before the first answer
record Pipelines(ListCursor cursor, String path, @Nullable List<PipelineFile> files)
    implements RowsScreen {
  static final Pipelines EMPTY = new Pipelines(ListCursor.START, "", null);

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first", "last"),
          List.of(
              bind(Action.of(Pipelines.class, Pipelines::open), "run it", "run", Key.Named.ENTER)),
          List.of(CommonKeys.back("back", Key.of('q'))));

  @Override
  public Want want(Size size) {
    return new Want.Pipelines();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return snapshot.body() instanceof Snapshot.Pipelines(List<PipelineFile> now)
        ? new Pipelines(cursor.in(now.size() + 1, RowsView.height(size)), path, now)
        : this;
  }

  @Override
  public Pipelines with(ListCursor next) {
    return new Pipelines(next, path, files);
  }

  @Override
  public int count() {
    return files == null ? 1 : files.size() + 1;
  }

  @Override
  public Step open(Ui ui, Size size) {
    if (cursor.selected() == 0 || files == null) {
      return Step.to(ui.withOverlay(new Ui.Overlay.Input(Prompt.PATH, LineInput.EMPTY)));
    }
    PipelineFile file = files.get(cursor.selected() - 1);
    return file.usesPrompt()
        ? Step.to(
            ui.withTop(new Pipelines(cursor, file.path(), files))
                .withOverlay(new Ui.Overlay.Input(Prompt.PIPELINE_PROMPT, LineInput.EMPTY)))
        : Update.ask(ui, new Request.Pipeline(file.path(), ""));
  }

  /// With the prompt that was typed for the one that was chosen.
  Step prompted(String prompt, Ui ui) {
    return prompt.isBlank()
        ? Step.notice(ui, "it needs a prompt; nothing was started")
        : Update.ask(ui, new Request.Pipeline(path, prompt));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    rows.add(RowsView.line("Give a path", width, theme));
    for (PipelineFile file : files == null ? List.<PipelineFile>of() : files) {
      String name = theme.cut(file.name(), 24);
      rows.add(
          Line.of(
              new Span(CellText.pad(name, 26), theme.plain()),
              new Span(theme.cut(file.description(), Math.max(0, width - 26)), theme.dim())));
    }
    String title = files == null ? "loading" : files.isEmpty() ? "No pipeline.yaml below here" : "";
    return new RowsPicture(
        "menu " + theme.crumb() + " pipelines",
        List.of(),
        RowsView.title(title, width, theme),
        rows,
        "");
  }
}
