package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Catalog.PromptFile;
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

/// The prompts of the workspace, behind the offer to type one.
///
/// @param files null before the first answer
record Prompts(ListCursor cursor, @Nullable List<PromptFile> files) implements RowsScreen {
  static final Prompts EMPTY = new Prompts(ListCursor.START, null);

  private static final int NAME = 24;
  private static final int WHOM = 14;

  /// Below this, what a prompt says is worth more than whom it is for.
  private static final int WIDE = 70;

  private static final int LONGEST = 400;

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first", "last"),
          List.of(
              bind(Action.of(Prompts.class, Prompts::open), "queue it", "queue", Key.Named.ENTER)),
          List.of(CommonKeys.back("back", Key.of('q'))));

  @Override
  public Want want(Size size) {
    return new Want.Prompts();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return snapshot.body() instanceof Snapshot.Prompts(List<PromptFile> now)
        ? new Prompts(cursor.in(now.size() + 1, RowsView.height(size)), now)
        : this;
  }

  @Override
  public Prompts with(ListCursor next) {
    return new Prompts(next, files);
  }

  @Override
  public int count() {
    return files == null ? 1 : files.size() + 1;
  }

  @Override
  public Step open(Ui ui, Size size) {
    if (cursor.selected() == 0 || files == null) {
      return Step.to(ui.withOverlay(new Ui.Overlay.Input(Prompt.PROMPT, LineInput.EMPTY)));
    }
    PromptFile file = files.get(cursor.selected() - 1);
    return file.text().isBlank()
        ? Step.notice(ui, file.name() + " is empty")
        : Update.ask(ui, new Request.Prompt(file.text(), file.provider(), file.model()));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    rows.add(RowsView.line("Type a prompt", width, theme));
    for (PromptFile file : files == null ? List.<PromptFile>of() : files) {
      String name = CellText.pad(theme.cut(file.name(), NAME), NAME) + "  ";
      String whom = (file.provider() + " " + file.model()).strip();
      String shown = width < WIDE ? "" : CellText.pad(theme.cut(whom, WHOM), WHOM) + "  ";
      String rest = file.text().isBlank() ? "(empty)" : firstLine(file.text());
      int room = Math.max(0, width - CellText.width(name + shown));
      rows.add(
          Line.of(
              new Span(name, theme.plain()),
              new Span(shown, theme.plain()),
              new Span(theme.cut(rest, room), theme.dim())));
    }
    String title =
        files == null
            ? "loading"
            : files.isEmpty() ? "No file in prompts/ yet: the menu's 4 makes one" : "";
    return new RowsPicture(
        "menu " + theme.crumb() + " prompts",
        List.of(),
        RowsView.title(title, width, theme),
        rows,
        "");
  }

  private static String firstLine(String text) {
    String line = text.lines().filter(one -> !one.isBlank()).findFirst().orElse("");
    return CellText.clean(line.substring(0, Math.min(line.length(), LONGEST)).strip());
  }
}
