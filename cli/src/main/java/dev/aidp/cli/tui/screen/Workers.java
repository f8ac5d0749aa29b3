package dev.aidp.cli.tui.screen;

import static dev.aidp.cli.tui.keys.Bindings.bind;

import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.CellText;
import dev.aidp.cli.tui.draw.Line;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Bindings;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.ListWorkers.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The live workers.
///
/// @param workers null before the first answer
record Workers(ListCursor cursor, @Nullable List<Worker> workers) implements RowsScreen {
  static final Workers EMPTY = new Workers(ListCursor.START, null);

  private static final int HOST = 14;
  private static final int NARROW_HOST = 8;

  /// Below this there is no room for process ids and jobs.
  private static final int WIDE = 60;

  private static final Duration SILENT = Duration.ofSeconds(30);

  private static final Bindings<Action> BINDINGS =
      CommonKeys.with(
          Move.bindings("move", "first worker", "last worker"),
          List.of(bind(Action.of(Workers.class, Workers::open), "its job", "job", Key.Named.ENTER)),
          List.of(CommonKeys.back("back", Key.of('q'))));

  @Override
  public Want want(Size size) {
    return new Want.Workers();
  }

  @Override
  public Bindings<Action> bindings() {
    return BINDINGS;
  }

  @Override
  public Screen accept(Snapshot snapshot, Size size) {
    return snapshot.body() instanceof Snapshot.Workers(List<Worker> now)
        ? new Workers(cursor.in(now.size(), RowsView.height(size)), now)
        : this;
  }

  @Override
  public Workers with(ListCursor next) {
    return new Workers(next, workers);
  }

  @Override
  public int count() {
    return workers == null ? 0 : workers.size();
  }

  @Override
  public Step open(Ui ui, Size size) {
    if (workers == null || workers.isEmpty()) {
      return Step.notice(ui, "there is no worker");
    }
    List<Long> running = workers.get(cursor.selected()).running();
    return running.isEmpty()
        ? Step.notice(ui, "it runs no job at the moment")
        : Step.to(ui.push(JobDetail.of(running.getFirst(), JobDetail.Tab.LOGS)));
  }

  @Override
  public RowsPicture picture(int width, Theme theme) {
    int hosts = width < WIDE ? NARROW_HOST : HOST;
    List<Line> rows = new ArrayList<>();
    for (Worker worker : workers == null ? List.<Worker>of() : workers) {
      boolean silent = worker.heartbeatAge().compareTo(SILENT) >= 0;
      // Whole minutes: else a line would change each second for nothing.
      String beat = silent ? "silent " + Durations.format(minutes(worker.heartbeatAge())) : "alive";
      String jobs = worker.running().stream().map(id -> "#" + id).collect(Collectors.joining(" "));
      String host = CellText.pad(theme.cut(CellText.clean(worker.host()), hosts), hosts);
      String slots = worker.running().size() + "/" + worker.slots();
      String text =
          width < WIDE
              ? "%5d  %s  %5s  %s".formatted(worker.id(), host, slots, beat)
              : "%5d  %s  %7d  %5s  %-12s  %s%s"
                  .formatted(
                      worker.id(),
                      host,
                      worker.pid(),
                      slots,
                      beat,
                      worker.draining() ? "draining  " : "",
                      jobs);
      rows.add(Line.of(theme.cut(text, width), silent ? theme.error() : theme.plain()));
    }
    String host = CellText.pad("Host", hosts);
    String title =
        width < WIDE
            ? "%5s  %s  %5s  %s".formatted("ID", host, "Slots", "State")
            : "%5s  %s  %7s  %5s  %-12s  %s".formatted("ID", host, "PID", "Slots", "State", "Jobs");
    return new RowsPicture(
        "workers",
        List.of(),
        RowsView.title(title, width, theme),
        rows,
        workers == null ? "loading" : "No worker lives. Queueing a job starts one.");
  }

  private static Duration minutes(Duration age) {
    return age.toMinutes() == 0 ? Duration.ofSeconds(30) : Duration.ofMinutes(age.toMinutes());
  }
}
