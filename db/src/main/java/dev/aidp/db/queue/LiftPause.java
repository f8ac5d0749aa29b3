package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Ends a provider's pause, and wakes the jobs that wait for its limit to end.
public final class LiftPause {
  // The wake-up names a key that need not have jobs: what matters is that the workers look again.
  private static final String LIFT =
      """
      , lifted as (
        delete from aidp.provider_pauses p using target t where p.host = t.host and p.provider = t.provider returning 1
      ), woken as (
        update aidp.jobs j set wake_at = statement_timestamp()
        from target t
        where j.wake_at > statement_timestamp() and j.status = 'waiting' and j.error_class = 'usage_limit'
          and j.provider = t.provider and (j.host is null or j.host = t.host)
        returning 1
      )
      select (select count(*) from lifted) as lifted, (select count(*) from woken) as woken,
             (select count(aidp.notify_ready(t.host, t.provider, 0)::text) from target t) as notified
      """;

  private static final String OF_PROBE =
      """
      with target as (
        select host, provider from aidp.provider_pauses where probe_execution_id = ?
      )
      """
          + LIFT;

  private static final String BY_NAME =
      """
      with target as (
        select host, provider from aidp.provider_pauses where host = ? and provider = ?
      )
      """
          + LIFT;

  private LiftPause() {}

  /// What was done.
  ///
  /// @param lifted whether there was a pause
  /// @param woken jobs that were waiting for the limit to end
  public record Lifted(boolean lifted, int woken) {}

  /// The probe was answered: commits.
  ///
  /// @return not lifted: it is the probe no more
  public static Lifted ofProbe(Connection connection, long executionId) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          try (PreparedStatement statement = transaction.prepareStatement(OF_PROBE)) {
            statement.setLong(1, executionId);
            return lift(statement);
          }
        });
  }

  /// A user ends it: commits.
  public static Lifted byHand(Connection connection, String host, String provider)
      throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          try (PreparedStatement statement = transaction.prepareStatement(BY_NAME)) {
            statement.setString(1, host);
            statement.setString(2, provider);
            return lift(statement);
          }
        });
  }

  private static Lifted lift(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return new Lifted(row.getLong("lifted") > 0, row.getInt("woken"));
    }
  }
}
