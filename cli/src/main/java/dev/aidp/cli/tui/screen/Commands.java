package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What can be typed behind a colon.
final class Commands {
  private static final List<Command> ALL =
      List.of(
          new Command("approve", " ID", "agree, where a job asks for it", Commands::approve),
          new Command("cancel", " ID…", "cancel jobs; asks", Commands::cancel),
          new Command("help", "", "the keys", (_, ui) -> help(ui)),
          new Command("jobs", "", "the list of jobs", (_, ui) -> go(ui, JobList.EMPTY)),
          new Command("menu", "", "the main menu", (_, ui) -> Step.to(ui.home())),
          new Command("notify", "", "announce ends of jobs, or stop that", (_, ui) -> bell(ui)),
          new Command("open", " ID", "a job", Commands::open),
          new Command("q", "", "leave; jobs keep running", (_, ui) -> quit(ui)),
          new Command("reject", " ID TEXT", "disagree, and say why", Commands::reject),
          new Command("retry", " ID…", "retry jobs", Commands::retry),
          new Command("run", " ID", "a run, by its whole id", Commands::run),
          new Command("runs", "", "the list of runs", (_, ui) -> go(ui, Runs.EMPTY)),
          new Command("workers", "", "the live workers", (_, ui) -> go(ui, Workers.EMPTY)));

  private Commands() {}

  /// @param arguments how they are written, with a blank before; empty if there are none
  record Command(String name, String arguments, String label, Run run) {}

  @FunctionalInterface
  interface Run {
    Step on(List<String> arguments, Ui ui);
  }

  static List<Command> all() {
    return ALL;
  }

  static Step run(String line, Ui ui, Size size) {
    List<String> words = List.of(line.strip().split("\\s+", -1));
    String name = words.getFirst();
    if (name.isEmpty()) {
      return Step.to(ui);
    }
    Optional<Command> command =
        ALL.stream().filter(one -> one.name().equals(name)).findFirst().or(() -> only(name));
    if (command.isEmpty()) {
      List<String> near = completions(name);
      String hint =
          near.isEmpty() ? "? shows what there is" : "did you mean " + String.join(", ", near);
      return Step.notice(ui, "there is no command :%s; %s".formatted(name, hint));
    }
    List<String> arguments = words.subList(1, words.size());
    boolean takesSome = !command.get().arguments().isEmpty();
    if (takesSome == arguments.isEmpty()) {
      return Step.notice(ui, "type :" + command.get().name() + command.get().arguments());
    }
    return command.get().run().on(arguments, ui);
  }

  /// The only command that begins so.
  private static Optional<Command> only(String name) {
    List<Command> some = ALL.stream().filter(one -> one.name().startsWith(name)).toList();
    return some.size() == 1 ? Optional.of(some.getFirst()) : Optional.empty();
  }

  /// Names that begin so.
  static List<String> completions(String word) {
    return ALL.stream().map(Command::name).filter(name -> name.startsWith(word)).toList();
  }

  private static Step go(Ui ui, Screen screen) {
    return Step.to(ui.goTo(screen));
  }

  private static Step help(Ui ui) {
    return Step.to(ui.withOverlay(new Overlay.Help(0)));
  }

  private static Step quit(Ui ui) {
    return CommonKeys.leave(ui, 0, true);
  }

  private static Step bell(Ui ui) {
    boolean on = !ui.memory().bell();
    return Step.notice(
        ui.withMemory(ui.memory().withBell(on)),
        on ? "ends of jobs are announced" : "ends of jobs are not announced");
  }

  private static Step open(List<String> arguments, Ui ui) {
    Optional<List<Long>> ids = ids(arguments);
    return ids.isEmpty() || ids.get().size() != 1
        ? Step.notice(ui, "type :open ID")
        : Step.to(
            ui.goTo(JobList.EMPTY).push(JobDetail.of(ids.get().getFirst(), JobDetail.Tab.LOGS)));
  }

  private static Step run(List<String> arguments, Ui ui) {
    try {
      return Step.to(ui.goTo(Runs.EMPTY).push(RunView.of(UUID.fromString(arguments.getFirst()))));
    } catch (IllegalArgumentException e) {
      return Step.notice(ui, "type :run and the id of a run; :runs lists them");
    }
  }

  private static Step cancel(List<String> arguments, Ui ui) {
    return ids(arguments)
        .map(ids -> Step.to(ui.withOverlay(Questions.cancel(ids))))
        .orElseGet(() -> Step.notice(ui, "type :cancel and ids of jobs"));
  }

  private static Step approve(List<String> arguments, Ui ui) {
    return answer(arguments, ui, true);
  }

  private static Step reject(List<String> arguments, Ui ui) {
    return answer(arguments, ui, false);
  }

  private static Step answer(List<String> arguments, Ui ui, boolean approve) {
    String comment = String.join(" ", arguments.subList(1, arguments.size()));
    return ids(arguments.subList(0, 1))
        .map(ids -> Update.ask(ui, new Request.Answer(ids.getFirst(), approve, comment)))
        .orElseGet(() ->
            Step.notice(
                ui, "type :%s and the id of a job".formatted(approve ? "approve" : "reject")));
  }

  private static Step retry(List<String> arguments, Ui ui) {
    return ids(arguments)
        .map(ids -> Update.ask(ui, new Request.Retry(ids)))
        .orElseGet(() -> Step.notice(ui, "type :retry and ids of jobs"));
  }

  private static Optional<List<Long>> ids(List<String> words) {
    List<Long> ids = new ArrayList<>();
    try {
      for (String word : words) {
        ids.add(Long.valueOf(word.startsWith("#") ? word.substring(1) : word));
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    return Optional.of(ids);
  }
}
