package dev.aidp.core.yaml;

/// One thing that is wrong with a file.
///
/// @param what what is wrong, one line
/// @param remedy what to write instead, one line
public record Problem(Position position, String what, String remedy) {
  /// `FILE:LINE:COLUMN: what; remedy`.
  public String in(String file) {
    return file + ":" + position.line() + ":" + position.column() + ": " + what + "; " + remedy;
  }
}
