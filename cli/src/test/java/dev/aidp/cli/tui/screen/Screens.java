package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.data.Snapshot.Overview;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;

/// A table without a terminal: a state that is driven by hand and looked at as text.
public final class Screens {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private Size size;
  private Ui ui = Ui.jobs(NOON);
  private Instant now = NOON;
  private Step.Effect effect = new Step.Effect.None();

  public Screens(int width, int height) {
    size = new Size(width, height);
  }

  /// From the main menu.
  Screens menu() {
    ui = Ui.menu(NOON);
    return this;
  }

  public Screens resize(int width, int height) {
    size = new Size(width, height);
    return on(new Event.Resized());
  }

  /// As the database would answer what is wanted now.
  Screens answer(Snapshot.Body body) {
    return on(
        new Event.Answered(new Snapshot(ui.want(size), ui.overview(), body, Duration.ofMillis(3))));
  }

  Screens on(Event event) {
    Step step = Update.on(event, ui, size, now);
    ui = step.ui();
    effect = step.effect();
    return this;
  }

  Screens after(Duration passed) {
    now = now.plus(passed);
    return on(new Event.Tick());
  }

  public Screens press(String characters) {
    characters.chars().forEach(c -> on(new Event.Pressed(Key.of((char) c))));
    return this;
  }

  public Screens press(Key key) {
    return on(new Event.Pressed(key));
  }

  /// As the database would answer when it holds these jobs, newest first.
  public Screens answer(List<JobRow> all) {
    if (!(ui.want(size) instanceof Want.Jobs want)) {
      return this;
    }
    List<JobRow> listed =
        all.stream()
            .filter(row ->
                want.filter().statuses().isEmpty()
                    || want.filter().statuses().contains(row.status()))
            .toList();
    if (want.order() == Want.Order.OLDEST_FIRST) {
      listed = listed.reversed();
    }
    return answer(want, listed, all);
  }

  private Screens answer(Want.Jobs want, List<JobRow> listed, List<JobRow> all) {
    List<JobRow> rows =
        switch (want.anchor()) {
          case Want.Anchor.First _ -> listed.subList(0, Math.min(listed.size(), want.rows() + 20));
          case Want.Anchor.Last _ ->
              listed.subList(Math.max(0, listed.size() - want.rows() - 20), listed.size());
          case Want.Anchor.At(long id) -> around(listed, id, want);
        };
    boolean fromFirst = rows.isEmpty() || rows.getFirst().equals(listed.getFirst());
    boolean toLast = rows.isEmpty() || rows.getLast().equals(listed.getLast());
    long above = rows.isEmpty() ? 0 : listed.indexOf(rows.getFirst());
    long unseen = all.stream().filter(row -> row.id() > want.newestSeen()).count();
    Count unseenCount = want.newestSeen() == 0 ? Count.NONE : new Count(unseen, true);
    Snapshot.Jobs body =
        new Snapshot.Jobs(rows, fromFirst, toLast, new Count(above, true), unseenCount, 0);
    return on(
        new Event.Answered(
            new Snapshot(
                want, new Overview(1, 1, counts(all), List.of()), body, Duration.ofMillis(3))));
  }

  private static List<JobRow> around(List<JobRow> all, long id, Want.Jobs want) {
    int at = (int) all.stream().filter(row -> want.order().isAbove(row.id(), id)).count();
    return all.subList(Math.max(0, at - 20), Math.min(all.size(), at + want.rows() + 20));
  }

  private static Counts counts(List<JobRow> all) {
    Map<JobStatus, Count> counts = new EnumMap<>(JobStatus.class);
    all.stream()
        .collect(Collectors.groupingBy(JobRow::status, Collectors.counting()))
        .forEach((status, count) -> counts.put(status, new Count(count, true)));
    return new Counts(counts, all.size(), true);
  }

  Ui ui() {
    return ui;
  }

  public Size size() {
    return size;
  }

  Step.Effect effect() {
    return effect;
  }

  JobList list() {
    return (JobList) ui.path().get(1);
  }

  public List<AttributedString> frame(Theme theme) {
    return Render.frame(ui, size, theme);
  }

  /// What is shown, without trailing blanks; rows at the end of the screen included.
  String text() {
    return text(new Theme(true, false));
  }

  String text(Theme theme) {
    return frame(theme).stream()
        .map(line -> line.toString().stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  /// What is shown, without blank rows.
  String dense() {
    return dense(new Theme(true, false));
  }

  String dense(Theme theme) {
    return text(theme)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  String row(int index) {
    List<String> rows = text().lines().toList();
    return rows.get(index < 0 ? rows.size() + index : index);
  }

  static JobRow row(long id, JobStatus status, String note) {
    return new JobRow(id, "job " + id, "claude", status, Duration.ofSeconds(41), note);
  }

  /// So many completed jobs, newest first, the oldest with id 1.
  public static List<JobRow> completed(int count) {
    List<JobRow> rows = new ArrayList<>();
    for (int id = count; id > 0; id--) {
      rows.add(row(id, JobStatus.COMPLETED, ""));
    }
    return rows;
  }
}
