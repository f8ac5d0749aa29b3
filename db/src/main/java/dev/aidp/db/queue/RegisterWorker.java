package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Makes a worker known, before its first claim.
public final class RegisterWorker {
  private static final String SQL =
      """
      insert into aidp.workers (host, pid, boot_id, pid_namespace, process_started, slots, providers, background, version)
      values (?, ?, ?, ?, ?, ?, ?::text[], ?, ?)
      returning id, incarnation
      """;

  private RegisterWorker() {}

  /// What a worker says of itself.
  ///
  /// @param processStarted start time of its process in the operating system's own unit, which
  ///     tells a reused pid
  public record Facts(
      String host,
      int pid,
      String bootId,
      String pidNamespace,
      long processStarted,
      int slots,
      List<String> providers,
      boolean background,
      String version) {}

  /// A row of `aidp.workers`: a worker that was declared dead registers anew under another id.
  public record Registered(long id, UUID incarnation) {}

  public static Registered register(Connection connection, Facts facts) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, facts.host());
      statement.setInt(2, facts.pid());
      statement.setString(3, facts.bootId());
      statement.setString(4, facts.pidNamespace());
      statement.setLong(5, facts.processStarted());
      statement.setInt(6, facts.slots());
      statement.setArray(7, connection.createArrayOf("text", facts.providers().toArray()));
      statement.setBoolean(8, facts.background());
      statement.setString(9, facts.version());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Registered(row.getLong(1), row.getObject(2, UUID.class));
      }
    }
  }
}
