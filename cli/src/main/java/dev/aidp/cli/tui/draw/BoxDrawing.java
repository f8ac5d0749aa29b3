package dev.aidp.cli.tui.draw;

/// The thin lines that JLine does not write as they are: it switches terminals to their alternate
/// character set, which nobody has set up, so that `├─` shows as `tq` in tmux and screen, or writes
/// `+-`. Their heavy forms it leaves alone.
final class BoxDrawing {
  private static final String THIN = "─│┌┐└┘├┤┬┴┼";
  private static final String HEAVY = "━┃┏┓┗┛┣┫┳┻╋";

  private BoxDrawing() {}

  static int heavy(int codePoint) {
    int index = codePoint < 0x2500 || codePoint > 0x257F ? -1 : THIN.indexOf(codePoint);
    return index < 0 ? codePoint : HEAVY.charAt(index);
  }
}
