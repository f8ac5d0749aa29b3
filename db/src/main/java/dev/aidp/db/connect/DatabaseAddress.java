package dev.aidp.db.connect;

import org.jspecify.annotations.Nullable;

/// Where a PostgreSQL database is and who logs in.
///
/// @param jdbcUrl `jdbc:postgresql://host[:port][,…]/database[?parameters]`, without user and
///   password
/// @param user null: pgjdbc's default, the name of the operating system's user
/// @param password null: none given; pgjdbc then looks into `~/.pgpass`
/// @param embedded whether it is the server that aidp runs itself
public record DatabaseAddress(
    String jdbcUrl, @Nullable String user, @Nullable String password, boolean embedded) {

  static final String URL_VARIABLE = "AIDP_DATABASE_URL";

  /// The database of an embedded server.
  public static DatabaseAddress embedded(int port, String user, String password) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + user, user, password, true);
  }

  /// Reads what `AIDP_DATABASE_URL` holds: `postgresql://`, `postgres://` or `jdbc:postgresql://`,
  /// with one or several hosts.
  ///
  /// @throws dev.aidp.core.error.AidpException (database) when it can't be understood
  public static DatabaseAddress parse(String url) {
    return parse(url, URL_VARIABLE);
  }

  /// As [#parse(String)].
  ///
  /// @param source what to name in an error: the variable or key that held the URL
  public static DatabaseAddress parse(String url, String source) {
    return new ConnectionUrl(url, source).toAddress();
  }

  /// The same server, user and parameters, but another database of it.
  public DatabaseAddress withDatabase(String database) {
    int path = jdbcUrl.indexOf('/', "jdbc:postgresql://".length());
    int query = jdbcUrl.indexOf('?');
    String parameters = query < 0 ? "" : jdbcUrl.substring(query);
    return new DatabaseAddress(
        jdbcUrl.substring(0, path + 1) + ConnectionUrl.encode(database) + parameters,
        user,
        password,
        embedded);
  }

  /// The URL as `psql` takes it, *with* the password.
  public String toUri() {
    return ConnectionUrl.toUri(this);
  }

  /// Hosts and database, for messages: no user, password or parameters.
  public String display() {
    String bare = jdbcUrl.substring("jdbc:postgresql://".length());
    int query = bare.indexOf('?');
    return query < 0 ? bare : bare.substring(0, query);
  }

  /// Never shows the password, nor parameters, which may hold another one.
  @Override
  public String toString() {
    return "DatabaseAddress[" + display() + ", user=" + user + ", embedded=" + embedded + "]";
  }
}
