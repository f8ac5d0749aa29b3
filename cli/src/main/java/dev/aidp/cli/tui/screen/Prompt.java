package dev.aidp.cli.tui.screen;

/// What a line is typed for.
enum Prompt {
  COMMAND(":"),
  FILTER("/"),
  SEARCH("/"),
  PROMPT("prompt: "),
  PATH("path of the pipeline: "),
  PIPELINE_PROMPT("prompt of the run: "),
  NEW_FILE("name of the new prompt: ");

  private final String sign;

  Prompt(String sign) {
    this.sign = sign;
  }

  /// What stands before the line.
  String sign() {
    return sign;
  }
}
