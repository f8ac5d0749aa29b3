package dev.aidp.cli.tui.screen;

/// What a line is typed for.
enum Prompt {
  COMMAND(":"),
  FILTER("/"),
  SEARCH("/");

  private final String sign;

  Prompt(String sign) {
    this.sign = sign;
  }

  /// What stands before the line.
  String sign() {
    return sign;
  }
}
