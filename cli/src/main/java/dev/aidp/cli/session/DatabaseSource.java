package dev.aidp.cli.session;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseSettings;
import dev.aidp.db.server.EmbeddedServer;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// Turns settings into connections.
final class DatabaseSource {
  private DatabaseSource() {}

  static Connections connections(DatabaseSettings settings) {
    return switch (settings) {
      case DatabaseSettings.External external -> Connections.to(external.address());
      case DatabaseSettings.Embedded embedded -> embedded(embedded.home());
    };
  }

  /// A command starts the server that it needs; but one that goes on, such as a wait, leaves it
  /// stopped if somebody has stopped it since.
  private static Connections embedded(Path home) {
    EmbeddedServer server = EmbeddedServer.at(home);
    AtomicBoolean first = new AtomicBoolean(true);
    return Connections.to(() ->
        first.getAndSet(false)
            ? server.start()
            : server.startUnlessStopped().orElseThrow(DatabaseSource::stopped));
  }

  /// Its cause makes it one that passes: whoever waits, waits for the next start.
  private static AidpException stopped() {
    return new AidpException(
        ErrorCategory.DATABASE,
        "The embedded PostgreSQL was stopped",
        "Type `aidp db start`",
        new ConnectException("stopped"));
  }
}
