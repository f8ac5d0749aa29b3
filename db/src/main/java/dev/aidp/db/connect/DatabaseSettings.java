package dev.aidp.db.connect;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which database is configured: one that somebody runs, or the embedded one.
public sealed interface DatabaseSettings {

  /// A PostgreSQL that somebody else runs.
  record External(DatabaseAddress address) implements DatabaseSettings {}

  /// The PostgreSQL that aidp runs itself.
  ///
  /// @param home `AIDP_HOME`
  record Embedded(Path home) implements DatabaseSettings {}

  /// `AIDP_DATABASE_URL`, else `AIDP_DB_HOST`, `_PORT`, `_NAME`, `_USER`, `_PASSWORD` (where a host
  /// or a name is set), else the configured URL, else the embedded server. Empty counts as unset.
  ///
  /// @param configuredUrl `database.url` of the configuration, null where there is none
  /// @throws AidpException (database) naming the variable or key whose value is bad
  static DatabaseSettings resolve(
      Map<String, String> environment, @Nullable String configuredUrl, Path aidpHome) {
    String url = environment.getOrDefault(DatabaseAddress.URL_VARIABLE, "");
    if (!url.isBlank()) {
      return new External(DatabaseAddress.parse(url));
    }
    if (isSet(environment, "AIDP_DB_HOST") || isSet(environment, "AIDP_DB_NAME")) {
      return new External(fromParts(environment));
    }
    if (configuredUrl != null && !configuredUrl.isBlank()) {
      return new External(DatabaseAddress.parse(configuredUrl, "database.url"));
    }
    return new Embedded(aidpHome);
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  private static DatabaseAddress fromParts(Map<String, String> environment) {
    String host = part(environment, "AIDP_DB_HOST", "localhost");
    String port = part(environment, "AIDP_DB_PORT", "5432");
    String name = part(environment, "AIDP_DB_NAME", "aidp");
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "AIDP_DB_PORT is \"" + port + "\", which is no port",
          "Set it to a number from 1 to 65535, like this: AIDP_DB_PORT=5432");
    }
    if (!host.matches("[^\\s/?#@\\\\]+")) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "AIDP_DB_HOST is \"" + host + "\", which is no host name",
          "Set it like this: AIDP_DB_HOST=db.example.com");
    }
    boolean bareIpv6 = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
    DatabaseAddress address =
        DatabaseAddress.parse(
            "postgresql://"
                + (bareIpv6 ? "[" + host + "]" : host)
                + "/"
                + ConnectionUrl.encode(name)
                + "?port="
                + port,
            "AIDP_DB_HOST");
    String user = environment.getOrDefault("AIDP_DB_USER", "");
    String password = environment.getOrDefault("AIDP_DB_PASSWORD", "");
    return new DatabaseAddress(
        address.jdbcUrl(),
        user.isEmpty() ? null : user,
        password.isEmpty() ? null : password,
        false);
  }

  private static String part(Map<String, String> environment, String name, String fallback) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? fallback : value;
  }
}
