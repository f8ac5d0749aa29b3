package dev.aidp.db.connect;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Says what a failure of the database means and what to do about it.
final class DatabaseErrors {
  static final int OLDEST_MAJOR = 15;

  private static final Set<String> TRANSIENT_STATES =
      Set.of("40P01", "40001", "57P01", "57P02", "57P03", "53300", "25006", "25P03");

  private DatabaseErrors() {}

  /// Whether the same call may well succeed on a new connection.
  static boolean isTransient(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
      if (cause instanceof SQLException e && isTransientState(e.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTransientState(@Nullable String state) {
    // 08P01 is a protocol violation: the same bytes would be refused again.
    return state != null
        && ((state.startsWith("08") && !state.equals("08P01")) || TRANSIENT_STATES.contains(state));
  }

  static AidpException tooOld(DatabaseAddress address, String version) {
    return failure(
        "The PostgreSQL at "
            + address.display()
            + " is version "
            + version
            + "; aidp needs "
            + OLDEST_MAJOR
            + " or newer",
        "Upgrade that server, or " + useAnother(address),
        null);
  }

  static AidpException translate(SQLException e, DatabaseAddress address) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String where = address.display();
    return switch (state) {
      case "28P01", "28000" ->
          failure(
              "The database at " + where + " refused the login" + user(address) + ": " + why(e),
              address.embedded()
                  ? "Type `aidp db stop` and try again; AIDP_HOME/postgres holds its password"
                  : "Check user and password in " + DatabaseAddress.URL_VARIABLE,
              e);
      case "3D000" ->
          failure(
              "There is no such database at " + where + ": " + why(e),
              "Create it with `createdb`, or correct the name in " + DatabaseAddress.URL_VARIABLE,
              e);
      case "42501" ->
          failure(
              "The database user"
                  + user(address)
                  + " lacks a permission at "
                  + where
                  + ": "
                  + why(e),
              "Let its owner type: GRANT CREATE ON DATABASE name TO user (and, where the schema"
                  + " exists: ALTER SCHEMA aidp OWNER TO user)",
              e);
      case "53300" ->
          failure(
              "The database at " + where + " has no connection left: " + why(e),
              "Stop some clients, raise its max_connections, or put PgBouncer before it",
              e);
      case "53100" ->
          failure(
              "The disk of the database at " + where + " is full: " + why(e),
              "Free some space there and try again (`aidp db prune --older-than 30d` may help"
                  + " later)",
              e);
      case "57P03", "57P01", "57P02" ->
          failure(
              "The database at " + where + " is starting or stopping: " + why(e),
              "Try again in a moment",
              e);
      case "57014" ->
          failure(
              "The database at " + where + " gave up on a statement: " + why(e),
              "Try again; if it stays so, look for what blocks it in pg_stat_activity",
              e);
      case "55P03" ->
          failure(
              "A lock in the database at " + where + " was not free in time: " + why(e),
              "Try again; if it stays so, look for an open transaction in pg_stat_activity",
              e);
      case "25006" ->
          failure(
              "The database at " + where + " is a standby that can't be written to",
              "Name the primary, or all hosts, in " + DatabaseAddress.URL_VARIABLE,
              e);
      default ->
          state.startsWith("08") || state.isEmpty()
              ? unreachable(e, address)
              : failure("The database at " + where + " failed: " + why(e), null, e);
    };
  }

  private static AidpException unreachable(SQLException e, DatabaseAddress address) {
    String what = "The database at " + address.display() + " can't be reached: ";
    String next =
        address.embedded()
            ? "Type `aidp db start`, then try again"
            : "Check that PostgreSQL runs there, or correct " + DatabaseAddress.URL_VARIABLE;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return failure(
            what + "unknown host " + cause.getMessage(),
            "Correct the host in " + DatabaseAddress.URL_VARIABLE,
            e);
      }
      if (cause instanceof SocketTimeoutException) {
        return failure(what + "no answer in time", next, e);
      }
      if (cause instanceof IOException && cause.getMessage() != null) {
        return failure(what + oneLine(cause.getMessage()), next, e);
      }
    }
    return failure(what + why(e), next, e);
  }

  private static AidpException failure(String what, @Nullable String next, @Nullable Throwable e) {
    return new AidpException(ErrorCategory.DATABASE, what, next, e);
  }

  private static String useAnother(DatabaseAddress address) {
    return address.embedded()
        ? "remove AIDP_HOME/postgres"
        : "name another one in " + DatabaseAddress.URL_VARIABLE;
  }

  private static String user(DatabaseAddress address) {
    return address.user() == null ? "" : " of " + address.user();
  }

  private static String why(SQLException e) {
    @Nullable ServerErrorMessage server =
        e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    @Nullable String text = server == null ? null : server.getMessage();
    return oneLine(text == null ? String.valueOf(e.getMessage()) : text);
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
