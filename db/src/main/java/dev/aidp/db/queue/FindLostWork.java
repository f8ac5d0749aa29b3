package dev.aidp.db.queue;

import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.RetryPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a reaper looks at: the workers that should be alive, and the leases of those that are not.
public final class FindLostWork {
  private static final String LIVE_WORKERS =
      """
      select id, host, pid, boot_id, pid_namespace, process_started, last_seen_at,
             (extract(epoch from clock_timestamp() - last_seen_at) * 1000)::bigint as silent_ms
      from aidp.workers where ended_at is null
      """;

  private static final String LEASES =
      """
      select l.job_id, l.execution_id, l.token, l.worker_id, l.begun, l.session_id as lease_session, l.attempt as execution,
             j.session_id, j.provider, j.attempt, j.max_attempts, j.crash_count, j.max_crashes, j.rerun, j.run_id, j.workspace
      from aidp.leases l
      join aidp.jobs j on j.id = l.job_id
      """;

  private static final String ORPHANED =
      """
      join aidp.workers w on w.id = l.worker_id
      where w.ended_at is not null
      order by l.job_id
      limit 500
      """;

  private static final String ONE = "where l.job_id = ? and l.execution_id = ? and l.token = ?";

  private FindLostWork() {}

  /// A worker that has not ended.
  ///
  /// @param lastSeenAt for comparison with an earlier sight of the same worker
  /// @param silentMillis by the database's clock
  public record LiveWorker(
      long id,
      String host,
      int pid,
      String bootId,
      String pidNamespace,
      long processStarted,
      Instant lastSeenAt,
      long silentMillis) {}

  /// A lease whose worker has ended.
  public record Orphan(
      LeaseRef lease,
      long workerId,
      int execution,
      UUID runId,
      @Nullable String workspace,
      RetryPolicy.Standing standing) {}

  public static List<LiveWorker> liveWorkers(Connection connection) throws SQLException {
    List<LiveWorker> workers = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LIVE_WORKERS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        workers.add(
            new LiveWorker(
                row.getLong("id"),
                row.getString("host"),
                row.getInt("pid"),
                row.getString("boot_id"),
                row.getString("pid_namespace"),
                row.getLong("process_started"),
                row.getObject("last_seen_at", OffsetDateTime.class).toInstant(),
                row.getLong("silent_ms")));
      }
    }
    return workers;
  }

  /// At most 500; the next call finds the rest.
  public static List<Orphan> orphanedLeases(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LEASES + ORPHANED)) {
      return read(statement);
    }
  }

  /// A lease that its worker knows nothing of: the answer to its claim was lost.
  ///
  /// @return empty if it has ended
  public static Optional<Orphan> lease(Connection connection, LeaseRef lease) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LEASES + ONE)) {
      statement.setLong(1, lease.jobId());
      statement.setLong(2, lease.executionId());
      statement.setObject(3, lease.token());
      return read(statement).stream().findFirst();
    }
  }

  private static List<Orphan> read(PreparedStatement statement) throws SQLException {
    List<Orphan> orphans = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        boolean sessionKnown =
            row.getString("lease_session") != null || row.getString("session_id") != null;
        orphans.add(
            new Orphan(
                new LeaseRef(
                    row.getLong("job_id"),
                    row.getLong("execution_id"),
                    row.getObject("token", UUID.class)),
                row.getLong("worker_id"),
                row.getInt("execution"),
                row.getObject("run_id", UUID.class),
                row.getString("workspace"),
                new RetryPolicy.Standing(
                    ProviderKind.of(row.getString("provider")),
                    row.getInt("attempt"),
                    row.getInt("max_attempts"),
                    row.getInt("crash_count"),
                    row.getInt("max_crashes"),
                    row.getBoolean("rerun"),
                    row.getBoolean("begun"),
                    sessionKnown,
                    0)));
      }
    }
    return orphans;
  }
}
