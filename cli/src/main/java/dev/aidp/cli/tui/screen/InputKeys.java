package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.draw.Size;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.screen.Ui.Overlay;
import java.util.List;

/// What keys do while a line is typed.
final class InputKeys {
  private InputKeys() {}

  static Step pressed(Key key, Overlay.Input input, Ui ui, Size size) {
    LineInput line = input.line();
    List<String> history = ui.memory().lines(input.prompt());
    return switch (key) {
      case Key.Named.ENTER -> entered(input, ui, size);
      case Key.Named.ESCAPE ->
          line.text().isEmpty()
              ? Step.to(ui.withOverlay(null))
              : typing(ui, input, LineInput.EMPTY);
      case Key.Named.BACKSPACE ->
          line.text().isEmpty()
              ? Step.to(ui.withOverlay(null))
              : typing(ui, input, line.edited(key));
      case Key.Named.UP -> typing(ui, input, line.recall(history, 1));
      case Key.Named.DOWN -> typing(ui, input, line.recall(history, -1));
      case Key.Named.TAB -> typing(ui, input, line.completed(completions(input, ui)));
      default -> typing(ui, input, line.edited(key));
    };
  }

  private static Step typing(Ui ui, Overlay.Input input, LineInput line) {
    return Step.to(ui.withOverlay(new Overlay.Input(input.prompt(), line)));
  }

  private static Step entered(Overlay.Input input, Ui ui, Size size) {
    String text = input.line().text().strip();
    Ui next = ui.withOverlay(null).withMemory(ui.memory().with(input.prompt(), text));
    return switch (input.prompt()) {
      case COMMAND -> Commands.run(text, next, size);
      case FILTER, SEARCH -> next.top().searched(text, next, size);
      case PROMPT ->
          text.isEmpty() ? Step.to(next) : Update.ask(next, new Request.Prompt(text, "", ""));
      case PATH ->
          text.isEmpty() ? Step.to(next) : Update.ask(next, new Request.Pipeline(text, ""));
      case PIPELINE_PROMPT ->
          next.top() instanceof Pipelines pipelines
              ? pipelines.prompted(text, next)
              : Step.to(next);
      case NEW_FILE -> text.isEmpty() ? Step.to(next) : new Step(next, new Step.Effect.Edit(text));
    };
  }

  /// What the word at the cursor could become.
  static List<String> completions(Overlay.Input input, Ui ui) {
    LineInput line = input.line();
    return switch (input.prompt()) {
      case COMMAND ->
          line.text().substring(0, line.cursor()).contains(" ")
              ? List.of()
              : Commands.completions(line.currentWord());
      case FILTER -> ui.top().completions(line.currentWord());
      case SEARCH, PROMPT, PATH, PIPELINE_PROMPT, NEW_FILE -> List.of();
    };
  }
}
