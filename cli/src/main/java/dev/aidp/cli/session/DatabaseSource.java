package dev.aidp.cli.session;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseSettings;

/// Turns settings into connections.
final class DatabaseSource {
  private DatabaseSource() {}

  static Connections connections(DatabaseSettings settings) {
    return switch (settings) {
      case DatabaseSettings.External external -> Connections.to(external.address());
      case DatabaseSettings.Embedded _ ->
          throw new AidpException(
              ErrorCategory.DATABASE,
              "There is no embedded PostgreSQL in this version",
              "Set AIDP_DATABASE_URL=postgresql://…");
    };
  }
}
