package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Request;

/// The state after an event, and what has to be done outside of it.
public record Step(Ui ui, Effect effect) {

  /// What only the loop can do.
  public sealed interface Effect {
    record None() implements Effect {}

    record Ask(Request request) implements Effect {}

    /// @param farewell whether to say that jobs keep running
    record Leave(int exitCode, boolean farewell) implements Effect {}

    /// Draw everything anew, whatever the terminal shows now.
    record Redraw() implements Effect {}

    /// Give a text to the terminal's clipboard.
    record Copy(String text) implements Effect {}

    /// Let the terminal report the mouse, or not.
    record Mouse(boolean on) implements Effect {}

    /// Show the log of a job in the user's pager.
    ///
    /// @param attempt 0: the latest
    record Page(long jobId, int attempt) implements Effect {}

    /// Let the user write a file of prompts/ in the editor.
    record Edit(String name) implements Effect {}

    /// Ring, and tell the terminal what for.
    record Announce(String text) implements Effect {}

    /// Give the terminal back to the shell until it continues this process.
    record Suspend() implements Effect {}
  }

  static Step to(Ui ui) {
    return new Step(ui, new Effect.None());
  }

  /// Nothing but a word in the footer.
  static Step notice(Ui ui, String notice) {
    return to(ui.withNotice(notice));
  }
}
