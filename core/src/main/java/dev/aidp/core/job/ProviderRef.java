package dev.aidp.core.job;

/// A provider as `jobs.provider` holds it: a name that every worker knows, or `DIALECT:NAME` for
/// one that a configuration adds, so that any worker can tell which of its own providers runs it.
///
/// @param served what a worker must be able to run for it: the provider or the dialect
/// @param name what users call it
public record ProviderRef(String served, String name) {

  public static ProviderRef of(String stored) {
    int colon = stored.indexOf(':');
    return colon < 0
        ? new ProviderRef(stored, stored)
        : new ProviderRef(stored.substring(0, colon), stored.substring(colon + 1));
  }

  /// Whether a configuration adds it.
  public boolean isCustom() {
    return !served.equals(name);
  }

  public String stored() {
    return isCustom() ? served + ":" + name : name;
  }

  /// The variable that configures it: `AIDP_NAME_CMD` and the like.
  public String variable(String suffix) {
    return "AIDP_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_" + suffix;
  }
}
