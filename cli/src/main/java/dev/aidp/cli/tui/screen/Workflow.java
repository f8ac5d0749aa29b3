package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Catalog.WorkflowStep;
import dev.aidp.cli.tui.data.Catalog.WorkflowSteps;
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
import dev.aidp.core.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The steps of the project's workflow, as `aidp execute` lists them.
///
/// @param data null before the first answer
record Workflow(ListCursor cursor, @Nullable WorkflowSteps data) implements RowsScreen {
  static final Workflow EMPTY = new Workflow(ListCursor.START, null);

  private static final int STATUS = 13;

  /// Below this, a status is its mark only.
  private static final int WIDE = 56;

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first step", "last step"),
          List.of(
              bind(
                  Action.of(Workflow.class, Workflow::open),
                  "its job",
                  "open job",
                  Key.Named.ENTER),
              bind(
                  Action.of(Workflow.class, (_, ui, _) -> Update.ask(ui, new Request.NextStep())),
                  "queue the next step",
                  "next step",
                  Key.of('n')),
              bind(
                  Action.of(Workflow.class, (workflow, ui, _) -> workflow.approve(ui)),
                  "approve what the step made",
                  "approve",
                  Key.of('a'))),
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
    return snapshot.body() instanceof Snapshot.Workflow(WorkflowSteps now)
        ? new Workflow(cursor.in(now.steps().size(), RowsView.height(size)), now)
        : this;
  }

  @Override
  public Workflow with(ListCursor next) {
    return new Workflow(next, data);
  }

  private List<WorkflowStep> steps() {
    return data == null ? List.of() : data.steps();
  }

  @Override
  public int count() {
    return steps().size();
  }

  private Optional<WorkflowStep> selected() {
    return steps().isEmpty() ? Optional.empty() : Optional.of(steps().get(cursor.selected()));
  }

  @Override
  public Step open(Ui ui, Size size) {
    return selected()
        .filter(step -> step.jobId() != 0)
        .map(step -> Step.to(ui.push(JobDetail.of(step.jobId(), JobDetail.Tab.LOGS))))
        .orElseGet(() -> Step.notice(ui, "it was not queued yet; n queues the next step"));
  }

  private Step approve(Ui ui) {
    return selected()
        .filter(step -> step.jobId() != 0)
        .map(step -> Step.to(ui.withOverlay(Questions.approve(step.jobId(), step.name()))))
        .orElseGet(() -> Step.notice(ui, "it was not queued yet; n queues the next step"));
  }

  @Override
  public Optional<Clip> clip(Size size) {
    return selected().map(step -> new Clip(step.name(), step.name()));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    int names = steps().stream().mapToInt(step -> CellText.width(step.name())).max().orElse(0);
    boolean wide = width >= WIDE;
    List<Line> rows = new ArrayList<>();
    for (WorkflowStep step : steps()) {
      String name = "%2d  %s  ".formatted(step.number(), CellText.pad(step.name(), names));
      JobStatus status = step.status();
      String mark = status == null ? " " : theme.mark(status);
      String word = status == null ? "" : status.word();
      String state = wide ? CellText.pad(mark + " " + word, STATUS) : mark;
      int room = Math.max(0, width - CellText.width(name + state) - 2);
      rows.add(
          Line.of(
              new Span(name, theme.plain()),
              new Span(state, status == null ? theme.plain() : theme.of(status)),
              new Span(
                  "  " + theme.cut(step.note(), room),
                  status == null ? theme.dim() : theme.plain())));
    }
    String titles = "%2s  %s  %s".formatted("", CellText.pad("Step", names), wide ? "Status" : "");
    return new RowsPicture(
        "menu " + theme.crumb() + " workflow",
        List.of(),
        RowsView.title(steps().isEmpty() ? "" : titles, width, theme),
        rows,
        data == null ? "loading" : data.problem());
  }
}
