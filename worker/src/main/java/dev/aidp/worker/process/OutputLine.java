package dev.aidp.worker.process;

/// One line that a process wrote.
///
/// @param source where it was written
/// @param text without its line end; never holds NUL or a lone surrogate, may hold any other
///   control character
/// @param droppedBytes how many bytes after the text were cut off; 0 for a whole line
public record OutputLine(Source source, String text, long droppedBytes) {
  /// The stream of the child.
  public enum Source {
    STDOUT,
    STDERR
  }

  /// Whether this is only the line's beginning.
  public boolean cut() {
    return droppedBytes > 0;
  }

  /// The text and, where it was cut, a note that says how much is missing.
  public String textWithNote() {
    return cut() ? text + " [line cut: " + droppedBytes + " bytes dropped]" : text;
  }
}
