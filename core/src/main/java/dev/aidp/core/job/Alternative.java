package dev.aidp.core.job;

import org.jspecify.annotations.Nullable;

/// Another provider that may do a job while its own is at its usage limit.
///
/// @param model null: the provider's default
public record Alternative(String provider, @Nullable String model) {
  public Alternative {
    if (provider.isEmpty()) {
      throw new IllegalArgumentException("an alternative names a provider");
    }
  }
}
