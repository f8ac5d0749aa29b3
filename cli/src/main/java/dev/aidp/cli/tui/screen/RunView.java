package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.RunText;
import dev.aidp.cli.tui.data.RunText.Node;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Line.Span;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A run: its nodes as a tree, each with its state.
///
/// @param data null before the first answer
record RunView(UUID id, ListCursor cursor, Snapshot.@Nullable Graph data) implements RowsScreen {
  /// Below this, what a node does is worth more than its provider.
  private static final int NARROW = 60;

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first node", "last node"),
          List.of(
              bind(on(RunView::open), "job of the node", "open job", Key.Named.ENTER),
              bind(
                  on((run, ui, _) -> Update.ask(ui, new Request.ResumeRun(run.id))),
                  "resume: run what did not complete",
                  "resume",
                  Key.of('r')),
              bind(
                  on((run, ui, _) -> Update.ask(ui, new Request.RerunRun(run.id))),
                  "a new run of the same",
                  "new run",
                  Key.of('n')),
              bind(on(RunView::approve), "approve, at a node that asks", "", Key.of('a')),
              bind(on(RunView::cancel), "cancel the run", "", Key.of('c'))),
          List.of(CommonKeys.back("back", Key.of('q'))));

  static RunView of(UUID id) {
    return new RunView(id, ListCursor.START, null);
  }

  private static Action on(Action.On<RunView> action) {
    return Action.of(RunView.class, action);
  }

  @Override
  public Want want(Size size) {
    return new Want.Run(id);
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return snapshot.want().equals(want(size)) && snapshot.body() instanceof Snapshot.Graph graph
        ? new RunView(id, cursor.in(graph.nodes().size(), RowsView.height(size)), graph)
        : this;
  }

  @Override
  public RunView with(ListCursor next) {
    return new RunView(id, next, data);
  }

  @Override
  public int count() {
    return data == null ? 0 : data.nodes().size();
  }

  private RunTree tree(Theme theme) {
    return RunTree.of(data == null ? List.of() : data.nodes(), theme.ascii());
  }

  @Override
  public Step open(Ui ui, Size size) {
    if (count() == 0) {
      return Step.notice(ui, "there is no node");
    }
    return Step.to(ui.push(JobDetail.of(selected().jobId(), JobDetail.Tab.LOGS)));
  }

  private Node selected() {
    return tree(new Theme(false, false)).rows().get(cursor.selected()).node();
  }

  private Step approve(Ui ui, Size size) {
    return count() == 0
        ? Step.notice(ui, "there is no node")
        : Step.to(ui.withOverlay(Questions.approve(selected().jobId(), selected().name())));
  }

  private Step cancel(Ui ui, Size size) {
    return Step.to(
        ui.withOverlay(
            new Ui.Overlay.Confirm(
                "Cancel run %s? y/n".formatted(id.toString().substring(0, 8)),
                new Request.CancelRun(id),
                "the run was not cancelled")));
  }

  @Override
  public Optional<Clip> clip(Size size) {
    return Optional.of(new Clip(id.toString(), id.toString()));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    List<Line> rows = new ArrayList<>();
    List<RunTree.Row> tree = tree(theme).rows();
    int names =
        tree.stream()
            .mapToInt(row -> CellText.width(row.branch() + row.node().name()) + 2)
            .max()
            .orElse(0);
    int ids = tree.stream().mapToInt(row -> number(row.node()).length()).max().orElse(0);
    for (RunTree.Row row : tree) {
      rows.add(line(row, Math.min(names, Math.max(16, width / 2)), ids, width, theme));
    }
    RunText.Run run = data == null ? null : data.run().orElse(null);
    String name = run == null ? "" : " " + theme.dot() + " " + run.pipeline();
    return new RowsPicture(
        "run " + id.toString().substring(0, 8) + name,
        run == null ? List.of() : words(run, theme),
        StatusCounts.line(counts(), width, theme),
        rows,
        data == null ? "loading" : run == null ? "There is no run " + id + " any more." : "");
  }

  private List<Span> words(RunText.Run run, Theme theme) {
    List<Node> nodes = data == null ? List.of() : data.nodes();
    long done = nodes.stream().filter(node -> node.status() == JobStatus.COMPLETED).count();
    List<Span> words = new ArrayList<>();
    words.add(
        new Span(theme.mark(run.status()) + " " + run.status().word(), theme.of(run.status())));
    words.add(new Span(done + "/" + nodes.size() + " done", theme.plain()));
    if (run.elapsed() != null) {
      words.add(new Span(Durations.format(run.elapsed()), theme.plain()));
    }
    return words;
  }

  private Counts counts() {
    Map<JobStatus, Count> counts = new EnumMap<>(JobStatus.class);
    List<Node> nodes = data == null ? List.of() : data.nodes();
    nodes.stream()
        .collect(Collectors.groupingBy(Node::status, Collectors.counting()))
        .forEach((status, count) -> counts.put(status, new Count(count, true)));
    return new Counts(counts, nodes.size(), true);
  }

  private static String number(Node node) {
    return "#" + node.jobId();
  }

  /// @param ids how many cells the longest number of a job takes
  private static Line line(RunTree.Row row, int names, int ids, int width, Theme theme) {
    Node node = row.node();
    String name = theme.cut(node.name(), Math.max(4, names - CellText.width(row.branch()) - 2));
    int used = CellText.width(row.branch() + name) + 2;
    String duration = node.duration() == null ? "" : Durations.format(node.duration());
    String job =
        width < NARROW
            ? ""
            : CellText.pad(node.provider(), 8) + " " + CellText.pad(number(node), ids) + "  ";
    String rest = "  %7s  %s%s".formatted(duration, job, node.note());
    return Line.of(
        new Span(row.branch(), theme.dim()),
        new Span(theme.mark(node.status()) + " ", theme.of(node.status())),
        new Span(name + " ".repeat(Math.max(0, names - used)), theme.plain()),
        new Span(
            theme.cut(rest.stripTrailing(), Math.max(0, width - Math.max(used, names))),
            theme.plain()));
  }
}
