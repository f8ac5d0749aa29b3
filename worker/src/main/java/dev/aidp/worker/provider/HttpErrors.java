package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import org.jspecify.annotations.Nullable;

/// What the HTTP status of a model's API means, where nothing better is known.
final class HttpErrors {
  private HttpErrors() {}

  /// @return null for a status that is no error, or unknown (0)
  static @Nullable ErrorClass ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> ErrorClass.AUTH;
      case 400, 404, 413, 422 -> ErrorClass.INVALID_REQUEST;
      case 408, 409, 425, 429 -> ErrorClass.TRANSIENT;
      default -> status >= 500 && status < 600 ? ErrorClass.TRANSIENT : null;
    };
  }
}
