package dev.aidp.worker.engine;

import dev.aidp.core.secret.SecretMask;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The masks of the environments that jobs of this worker have: many jobs share one, and a mask
/// costs more to make than a short job to run. Thread-safe.
final class SecretMasks {
  private static final int KEPT = 64;

  private final Map<String, String> own;
  private final SecretMask ownMask;
  private final Map<Map<String, String>, SecretMask> masks = new LinkedHashMap<>();

  /// @param own the worker's environment; what it holds is masked for every job
  SecretMasks(Map<String, String> own) {
    this.own = Map.copyOf(own);
    this.ownMask = SecretMask.of(own);
  }

  SecretMask of(Map<String, String> environment) {
    if (environment.equals(own)) {
      return ownMask;
    }
    synchronized (masks) {
      SecretMask known = masks.get(environment);
      if (known == null) {
        if (masks.size() >= KEPT) {
          masks.clear();
        }
        known = SecretMask.of(environment, own);
        masks.put(new HashMap<>(environment), known);
      }
      return known;
    }
  }
}
