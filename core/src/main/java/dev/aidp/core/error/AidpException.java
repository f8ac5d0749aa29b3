package dev.aidp.core.error;

import org.jspecify.annotations.Nullable;

/// The one exception that is meant for a user's eyes: what failed and why in [#getMessage()], what
/// to type next in [#remedy()]. The category decides the exit code.
public final class AidpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;
  private final @Nullable String remedy;

  /// @param message what failed and why, one line, no trailing full stop
  /// @param remedy what to do next, one line; null where there is nothing to say
  public AidpException(ErrorCategory category, String message, @Nullable String remedy) {
    this(category, message, remedy, null);
  }

  /// As the other constructor, with the failure that led to this one.
  public AidpException(
      ErrorCategory category, String message, @Nullable String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.category = category;
    this.remedy = remedy;
  }

  public ErrorCategory category() {
    return category;
  }

  public @Nullable String remedy() {
    return remedy;
  }
}
