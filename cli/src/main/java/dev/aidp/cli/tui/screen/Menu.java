package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Bindings.Binding;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.db.read.CountJobs.Counts;
import java.util.ArrayList;
import java.util.List;

/// The main menu; the outermost screen.
///
/// @param counts of the jobs
record Menu(ListCursor cursor, Counts counts) implements RowsScreen {
  static final Menu START = new Menu(ListCursor.START, Counts.NONE);

  /// What it offers.
  enum Item {
    RUN_PIPELINE("Run a pipeline", "one of this workspace, or a path"),
    RUN_PROMPT("Run a prompt", "from prompts/*.md, or typed"),
    VIEW_JOBS("View jobs", "what runs, waits and has ended"),
    CREATE_PROMPT("Create a prompt", "a file in prompts/, in $EDITOR"),
    WORKFLOW("Workflow", "the steps of this project"),
    QUIT("Quit", "jobs keep running");

    private final String title;
    private final String note;

    Item(String title, String note) {
      this.title = title;
      this.note = note;
    }
  }

  private static final List<Item> ITEMS = List.of(Item.values());

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(Move.bindings("move", "first", "last"), own(), List.of(CommonKeys.quit()));

  private static List<Binding<Action>> own() {
    List<Binding<Action>> own = new ArrayList<>();
    own.add(bind(Action.of(Menu.class, Menu::open), "do it", "do it", Key.Named.ENTER));
    for (int i = 0; i < ITEMS.size(); i++) {
      Item item = ITEMS.get(i);
      own.add(
          bind(
              Action.of(Menu.class, (menu, ui, _) -> menu.chosen(item, ui)),
              item.title.toLowerCase(java.util.Locale.ROOT),
              "",
              Key.of((char) ('1' + i))));
    }
    own.add(CommonKeys.up("nothing: this is the outermost screen"));
    return own;
  }

  @Override
  public Want want(Size size) {
    return new Want.Menu();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return new Menu(cursor, snapshot.overview().counts());
  }

  @Override
  public Menu with(ListCursor next) {
    return new Menu(next, counts);
  }

  @Override
  public int count() {
    return ITEMS.size();
  }

  @Override
  public Step open(Ui ui, Size size) {
    return chosen(ITEMS.get(cursor.selected()), ui);
  }

  private Step chosen(Item item, Ui ui) {
    Ui here = ui.withTop(with(ListCursor.START.at(ITEMS.indexOf(item))));
    return switch (item) {
      case RUN_PIPELINE -> Step.to(here.push(Pipelines.EMPTY));
      case RUN_PROMPT -> Step.to(here.push(Prompts.EMPTY));
      case VIEW_JOBS -> Step.to(here.push(JobList.EMPTY));
      case CREATE_PROMPT ->
          Step.to(here.withOverlay(new Ui.Overlay.Input(Prompt.NEW_FILE, LineInput.EMPTY)));
      case WORKFLOW -> Step.to(here.push(Workflow.EMPTY));
      case QUIT -> CommonKeys.leave(here, 0, true);
    };
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    for (int i = 0; i < ITEMS.size(); i++) {
      Item item = ITEMS.get(i);
      String title = "%d  %-16s".formatted(i + 1, item.title);
      rows.add(
          Line.of(
              new Span(title, theme.plain()),
              new Span(theme.cut("  " + item.note, Math.max(0, width - 19)), theme.dim())));
    }
    return new RowsPicture("menu", List.of(), StatusCounts.line(counts, width, theme), rows, "");
  }
}
