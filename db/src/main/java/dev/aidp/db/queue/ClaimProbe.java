package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Takes the one job of a paused provider that goes first after the reset: the probe.
public final class ClaimProbe {
  private static final String LOCK =
      """
      select p.host from aidp.provider_pauses p
      where p.provider = ? and p.host = (select w.host from aidp.workers w where w.id = ?)
      for update skip locked
      """;

  // A statement of its own, after the lock: only its snapshot shows the lease of a probe that was
  // committed while this one was on its way.
  private static final String DUE =
      """
      select p.limits_met from aidp.provider_pauses p
      where p.provider = ? and p.host = ? and p.until_at <= clock_timestamp()
        and not exists (select from aidp.leases l where l.job_id = p.probe_job_id and l.execution_id = p.probe_execution_id)
      """;

  private static final String MARK =
      """
      update aidp.provider_pauses set probe_job_id = ?, probe_execution_id = ? where provider = ? and host = ?
      """;

  private ClaimProbe() {}

  /// Commits.
  ///
  /// @param key its provider is the paused one
  /// @return empty: the pause has not run out, a probe is under way, or there is no job
  public static Optional<ClaimedJob> claim(Connection connection, ClaimKey key, long workerId)
      throws SQLException {
    return Transaction.run(connection, transaction -> claimOne(transaction, key, workerId));
  }

  private static Optional<ClaimedJob> claimOne(Connection connection, ClaimKey key, long workerId)
      throws SQLException {
    String host;
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setString(1, key.provider());
      statement.setLong(2, workerId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        host = row.getString(1);
      }
    }
    int limitsMet;
    try (PreparedStatement statement = connection.prepareStatement(DUE)) {
      statement.setString(1, key.provider());
      statement.setString(2, host);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        limitsMet = row.getInt(1);
      }
    }
    List<ClaimedJob> claimed = ClaimJobs.claimThroughPause(connection, key, workerId);
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    ClaimedJob probe = claimed.getFirst().asProbe(limitsMet);
    mark(connection, key.provider(), host, probe.lease());
    return Optional.of(probe);
  }

  private static void mark(Connection connection, String provider, String host, LeaseRef lease)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MARK)) {
      statement.setLong(1, lease.jobId());
      statement.setLong(2, lease.executionId());
      statement.setString(3, provider);
      statement.setString(4, host);
      statement.executeUpdate();
    }
  }
}
