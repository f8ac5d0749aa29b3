package dev.aidp.db.queue;

import dev.aidp.core.job.Usage;
import org.jspecify.annotations.Nullable;

/// The columns `usage`.
final class UsageText {
  private UsageText() {}

  /// @return null for no usage at all
  static @Nullable String json(Usage usage) {
    return usage.equals(Usage.NONE)
        ? null
        : "{\"inputTokens\":%d,\"outputTokens\":%d,\"cachedTokens\":%d}"
            .formatted(usage.inputTokens(), usage.outputTokens(), usage.cachedTokens());
  }
}
