package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot.Overview;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.draw.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that the terminal shows; immutable. [Update] makes the next one, [Render] a frame of it.
///
/// @param path the screens from the outermost to the one that is shown
/// @param overlay what lies over that one
/// @param memory what is kept from screen to screen
/// @param notice a word for the footer, until the next key; may be empty
/// @param changedAt when something shown last changed, other than that time passed
/// @param now when the last event happened
public record Ui(
    List<Screen> path,
    @Nullable Overlay overlay,
    Link link,
    Overview overview,
    Memory memory,
    String notice,
    Instant changedAt,
    Instant now) {

  public Ui {
    path = List.copyOf(path);
  }

  /// What lies over a screen and takes its keys.
  sealed interface Overlay {
    /// @param scroll first visible line
    record Help(int scroll) implements Overlay {}

    /// A line that is being typed.
    record Input(Prompt prompt, LineInput line) implements Overlay {}

    /// @param refused what is said when the answer is no
    record Confirm(String question, Request request, String refused) implements Overlay {}
  }

  /// The main menu.
  public static Ui menu(Instant now) {
    return of(List.of(Menu.START), now);
  }

  /// The job list, before the first answer; the main menu is above it.
  public static Ui jobs(Instant now) {
    return of(List.of(Menu.START, JobList.EMPTY), now);
  }

  /// Whether ends of jobs are announced.
  public Ui announcing(boolean bell) {
    return withMemory(memory.withBell(bell));
  }

  private static Ui of(List<Screen> path, Instant now) {
    return new Ui(
        path,
        null,
        new Link(now, Duration.ZERO, Duration.ZERO, null),
        Overview.NONE,
        Memory.NONE,
        "",
        now,
        now);
  }

  Screen top() {
    return path.getLast();
  }

  /// What to ask the database for.
  public Want want(Size size) {
    return top().want(size);
  }

  boolean isDown() {
    return link.isDown(now);
  }

  Ui withTop(Screen screen) {
    List<Screen> next = new ArrayList<>(path);
    next.set(next.size() - 1, screen);
    return new Ui(next, overlay, link, overview, memory, notice, changedAt, now);
  }

  Ui push(Screen screen) {
    List<Screen> next = new ArrayList<>(path);
    next.add(screen);
    return new Ui(next, overlay, link, overview, memory, notice, changedAt, now);
  }

  /// To the main menu.
  Ui home() {
    return new Ui(List.of(path.getFirst()), null, link, overview, memory, notice, changedAt, now);
  }

  /// One level up; the outermost screen stays.
  Ui pop() {
    return path.size() == 1
        ? this
        : new Ui(
            path.subList(0, path.size() - 1),
            overlay,
            link,
            overview,
            memory,
            notice,
            changedAt,
            now);
  }

  Ui withOverlay(@Nullable Overlay next) {
    return new Ui(path, next, link, overview, memory, notice, changedAt, now);
  }

  Ui withLink(Link next) {
    return new Ui(path, overlay, next, overview, memory, notice, changedAt, now);
  }

  Ui withOverview(Overview next) {
    return new Ui(path, overlay, link, next, memory, notice, changedAt, now);
  }

  Ui withMemory(Memory next) {
    return new Ui(path, overlay, link, overview, next, notice, changedAt, now);
  }

  /// To a screen below the main menu, from wherever.
  Ui goTo(Screen screen) {
    return new Ui(
        List.of(path.getFirst(), screen), null, link, overview, memory, notice, changedAt, now);
  }

  Ui withNotice(String next) {
    return new Ui(path, overlay, link, overview, memory, next, changedAt, now);
  }

  Ui withChangedAt(Instant next) {
    return new Ui(path, overlay, link, overview, memory, notice, next, now);
  }

  Ui at(Instant next) {
    return new Ui(path, overlay, link, overview, memory, notice, changedAt, next);
  }
}
