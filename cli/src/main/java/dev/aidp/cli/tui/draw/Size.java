package dev.aidp.cli.tui.draw;

/// Of a terminal, in cells. Unlike JLine's it cannot change.
public record Size(int width, int height) {
  /// Below this there is only room to say so.
  public boolean tooSmall() {
    return width < 20 || height < 5;
  }
}
