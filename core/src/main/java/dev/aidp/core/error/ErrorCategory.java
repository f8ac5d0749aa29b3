package dev.aidp.core.error;

/// What kind of failure an [AidpException] is; decides the exit code of the program.
public enum ErrorCategory {
  /// A defect of aidp, or an environment that it did not expect.
  INTERNAL(1),
  /// The command line, a file that the user wrote, or a value in it.
  USAGE(2),
  /// The database cannot be reached, started or used.
  DATABASE(3),
  /// The thing does not exist, or is in a state that does not allow it.
  NOT_FOUND(4),
  /// What was waited for failed or was interrupted.
  FAILED(5),
  /// What was waited for is still pending.
  PENDING(8);

  private final int exitCode;

  ErrorCategory(int exitCode) {
    this.exitCode = exitCode;
  }

  /// The process exit code, as the user guide lists them.
  public int exitCode() {
    return exitCode;
  }
}
