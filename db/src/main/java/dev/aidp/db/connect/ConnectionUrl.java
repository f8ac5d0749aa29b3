package dev.aidp.db.connect;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Translates between libpq's connection URIs, JDBC URLs and [DatabaseAddress].
///
/// The two dialects name parameters differently; the names that differ are translated both ways,
/// all others are passed through.
final class ConnectionUrl {
  private static final String EXAMPLE = "postgresql://user:password@db.example.com:5432/aidp";
  private static final String JDBC_PREFIX = "jdbc:postgresql:";
  private static final List<String> PREFIXES = List.of("postgresql:", "postgres:", JDBC_PREFIX);
  private static final String DEFAULT_PORT = "5432";

  /// libpq's name → pgjdbc's name.
  private static final Map<String, String> JDBC_NAMES =
      Map.of(
          "connect_timeout", "connectTimeout",
          "application_name", "ApplicationName",
          "channel_binding", "channelBinding",
          "gssencmode", "gssEncMode",
          "sslnegotiation", "sslNegotiation",
          "target_session_attrs", "targetServerType",
          "load_balance_hosts", "loadBalanceHosts");

  private static final Map<String, String> TARGET_SERVERS =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private final String url;
  private final String source;

  /// @param source the variable or key that the URL came from, for messages
  ConnectionUrl(String url, String source) {
    this.url = url.strip();
    this.source = source;
  }

  DatabaseAddress toAddress() {
    boolean jdbc = url.startsWith(JDBC_PREFIX);
    String rest = afterScheme();
    Map<String, String> parameters = new LinkedHashMap<>();
    int query = rest.indexOf('?');
    if (query >= 0) {
      readParameters(rest.substring(query + 1), jdbc, parameters);
      rest = rest.substring(0, query);
    }
    int path = rest.indexOf('/');
    String authority = path < 0 ? rest : rest.substring(0, path);
    String database = path < 0 ? "" : decode(rest.substring(path + 1));

    int at = authority.lastIndexOf('@');
    @Nullable String user = parameters.remove("user");
    @Nullable String password = parameters.remove("password");
    if (at >= 0) {
      String login = authority.substring(0, at);
      int colon = login.indexOf(':');
      user = decode(colon < 0 ? login : login.substring(0, colon));
      password = colon < 0 ? password : decode(login.substring(colon + 1));
    }
    List<String> hosts = hosts(authority.substring(at + 1), parameters);
    @Nullable String named = parameters.remove("dbname");
    database = database.isEmpty() && named != null ? named : database;
    if (database.isEmpty()) {
      throw bad("it names no database");
    }
    if (hosts.size() > 1) {
      // A standby accepts connections, but no job can be queued or claimed on it.
      parameters.putIfAbsent("targetServerType", "primary");
    }
    return new DatabaseAddress(
        JDBC_PREFIX + "//" + String.join(",", hosts) + "/" + encode(database) + query(parameters),
        user == null || user.isEmpty() ? null : user,
        password,
        false);
  }

  private String afterScheme() {
    for (String prefix : PREFIXES) {
      if (url.startsWith(prefix)) {
        String rest = url.substring(prefix.length());
        if (rest.startsWith("//")) {
          return rest.substring(2);
        }
        if (prefix.equals(JDBC_PREFIX) && !rest.startsWith("/")) {
          return "/" + rest; // jdbc:postgresql:database
        }
      }
    }
    throw bad("it does not start with postgresql:// or jdbc:postgresql://");
  }

  private void readParameters(String query, boolean jdbc, Map<String, String> parameters) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        if (pair.isEmpty()) {
          continue;
        }
        throw bad("its parameter \"" + pair + "\" has no value");
      }
      String name = decode(pair.substring(0, equals));
      String value = decode(pair.substring(equals + 1));
      if (!jdbc && name.equals("target_session_attrs")) {
        String type = TARGET_SERVERS.get(value);
        if (type == null) {
          throw bad("target_session_attrs can't be \"" + value + "\"");
        }
        value = type;
      }
      parameters.put(jdbc ? name : JDBC_NAMES.getOrDefault(name, name), value);
    }
  }

  private List<String> hosts(String authority, Map<String, String> parameters) {
    @Nullable String host = parameters.remove("host");
    @Nullable String port = parameters.remove("port");
    String[] names = (authority.isEmpty() && host != null ? host : authority).split(",", -1);
    String[] ports = port == null ? new String[0] : port.split(",", -1);
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String fallback =
          ports.length == 0 ? DEFAULT_PORT : ports.length == 1 ? ports[0] : ports[i % ports.length];
      hosts.add(host(names[i], fallback));
    }
    return hosts;
  }

  private String host(String text, String fallbackPort) {
    if (text.startsWith("/") || text.toLowerCase(java.util.Locale.ROOT).startsWith("%2f")) {
      throw bad("it names a Unix socket, which Java can't use; give a host and a port");
    }
    int bracket = text.lastIndexOf(']');
    int colon = text.indexOf(':', Math.max(bracket, 0));
    String name = decode(colon < 0 ? text : text.substring(0, colon));
    String port =
        colon < 0 || colon == text.length() - 1 ? fallbackPort : text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw bad("\"" + port + "\" is no port (1 to 65535)");
    }
    if (!name.matches("[^\\s,/?#@\\\\]*")) {
      throw bad("\"" + name + "\" is no host name");
    }
    return (name.isEmpty() ? "localhost" : name) + ":" + port;
  }

  private String decode(String text) {
    try {
      // URLDecoder is for forms, where + is a space.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw bad("a % must be followed by two hexadecimal digits (write a literal % as %25)");
    }
  }

  private AidpException bad(String why) {
    // The URL itself is not shown: it may hold a password.
    return new AidpException(
        ErrorCategory.DATABASE,
        source + " is not a PostgreSQL URL: " + why,
        "Set it like this: " + source + "=" + EXAMPLE);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  static String toUri(DatabaseAddress address) {
    String bare = address.jdbcUrl().substring(JDBC_PREFIX.length() + 2);
    int query = bare.indexOf('?');
    StringBuilder uri = new StringBuilder("postgresql://");
    String user = address.user();
    if (user != null) {
      uri.append(encode(user));
      String password = address.password();
      if (password != null) {
        uri.append(':').append(encode(password));
      }
      uri.append('@');
    }
    uri.append(query < 0 ? bare : bare.substring(0, query));
    if (query >= 0) {
      uri.append(libpqQuery(bare.substring(query + 1)));
    }
    return uri.toString();
  }

  private static String libpqQuery(String jdbcQuery) {
    Map<String, String> names = new LinkedHashMap<>();
    JDBC_NAMES.forEach((libpq, jdbc) -> names.put(jdbc, libpq));
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : jdbcQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = pair.substring(0, equals);
      String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      if (name.equals("targetServerType")) {
        value = sessionAttributes(value);
      }
      parameters.put(names.getOrDefault(name, name), value);
    }
    return query(parameters);
  }

  private static String sessionAttributes(String targetServerType) {
    return switch (targetServerType) {
      case "primary", "master" -> "read-write";
      case "secondary", "slave" -> "read-only";
      case "preferSecondary", "preferSlave" -> "prefer-standby";
      default -> "any";
    };
  }
}
