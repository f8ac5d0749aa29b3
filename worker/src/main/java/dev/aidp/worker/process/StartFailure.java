package dev.aidp.worker.process;

import org.jspecify.annotations.Nullable;

/// The process was never started: not to be confused with a program that ends with 126 or 127. The
/// message says what is wrong, in one line without a trailing full stop.
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /// Why it was not started.
  public enum Kind {
    /// No such program, at its path or anywhere in the child's PATH, or no interpreter for it.
    MISSING_BINARY,
    /// The program is there, but is a directory or lacks the permission to run.
    NOT_EXECUTABLE,
    /// The working directory is missing, is no directory or may not be entered.
    MISSING_DIRECTORY,
    /// An argument or variable that no process can be given (NUL, or too long for the system), or
    /// that this JVM's locale can't encode.
    UNUSABLE_ARGUMENT,
    /// The operating system refused: no processes, memory or file descriptors left, no space for
    /// stdin. May go better later.
    REFUSED_BY_SYSTEM
  }

  private final Kind kind;

  StartFailure(Kind kind, String message) {
    this(kind, message, null);
  }

  StartFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
