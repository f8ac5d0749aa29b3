package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.draw.Rect;
import dev.aidp.cli.tui.draw.Size;

/// How the job screen uses a terminal: what there is no room for goes, the prompt first.
///
/// @param times the row with provider, times and cost
/// @param error the row with the error or what the job does
/// @param prompt the rows with prompt and files
record DetailLayout(
    boolean times, boolean error, boolean prompt, boolean hints, int tabs, Rect pane) {
  static DetailLayout of(Size size) {
    boolean hints = size.height() >= 6;
    boolean error = size.height() >= 8;
    boolean times = size.height() >= 10;
    boolean prompt = size.height() >= 16;
    int tabs = 1 + (times ? 1 : 0) + (error ? 1 : 0) + (prompt ? 2 : 0);
    int bottom = 1 + (hints ? 1 : 0);
    Rect pane = new Rect(1, tabs + 1, size.width() - 2, size.height() - tabs - 1 - bottom);
    return new DetailLayout(times, error, prompt, hints, tabs, pane);
  }
}
