package dev.aidp.cli.config;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.text.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The environment variables of aidp, read and checked. An empty one counts as unset.
public record Variables(Map<String, String> environment) {

  /// `QUE_WORKER_COUNT`.
  public @Nullable Integer workerCount() {
    String value = text("QUE_WORKER_COUNT");
    if (value == null) {
      return null;
    }
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "QUE_WORKER_COUNT is '" + value + "', which is no number of slots",
          "Set it to a number from 1 to 99999, or unset it");
    }
    return Integer.parseInt(value);
  }

  /// `AIDP_PROVIDER`.
  public @Nullable String provider() {
    return text("AIDP_PROVIDER");
  }

  /// `AIDP_<PROVIDER>_CMD`, as it was written.
  public @Nullable String providerCommand(String provider) {
    return text(providerVariable(provider, "CMD"));
  }

  /// `AIDP_<PROVIDER>_TIMEOUT`.
  public @Nullable Duration providerTimeout(String provider) {
    String name = providerVariable(provider, "TIMEOUT");
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      Duration timeout = Durations.parse(value);
      if (timeout.isPositive()) {
        return timeout;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the variable's name.
    }
    throw new AidpException(
        ErrorCategory.USAGE,
        name + " is '" + value + "', which is no duration above zero",
        "Write it like 30s or 1h30m, or unset it");
  }

  /// The name of a variable of one provider.
  public static String providerVariable(String provider, String suffix) {
    return "AIDP_" + provider.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + suffix;
  }

  /// Whether commands may start background workers (`AIDP_AUTO_WORKER`).
  public boolean autoWorker() {
    String value = text("AIDP_AUTO_WORKER");
    return value == null
        || switch (value.toLowerCase(Locale.ROOT)) {
          case "0", "false", "no", "off" -> false;
          default -> true;
        };
  }

  /// A variable's value, null if it is unset or empty.
  public @Nullable String text(String name) {
    String value = environment.getOrDefault(name, "");
    return value.isBlank() ? null : value.strip();
  }
}
