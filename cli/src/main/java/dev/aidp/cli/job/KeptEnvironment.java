package dev.aidp.cli.job;

import dev.aidp.cli.config.Settings;
import dev.aidp.cli.session.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The environment that a job gets: that of the shell that queued it.
final class KeptEnvironment {
  private KeptEnvironment() {}

  /// @return the name under which it is kept; null: the worker's own is used
  static @Nullable String keep(Session session, Settings settings) {
    Map<String, String> environment = new HashMap<>(settings.environment());
    environment.putAll(session.environment());
    environment.remove("AIDP_EXECUTION");
    return session.environment().isEmpty() ? environment.get("PATH") : null;
  }
}
