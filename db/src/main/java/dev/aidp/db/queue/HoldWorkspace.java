package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Takes the workspace of a claimed job for it alone, or keeps it from others until they have
/// ended.
public final class HoldWorkspace {
  // Waits for claims that are under way, and lets the next one begin (and take its snapshot) only
  // after the commit: so either we see a claim's lease, or it sees our hold. Claims pay nothing for
  // it, and what only reads, as a backup does, is not waited for.
  private static final String LOCK = "lock table aidp.leases in share row exclusive mode";

  private static final String FORGET =
      "delete from aidp.workspace_holds h where not " + WorkspaceHolds.COUNTS;

  private static final String HELD_BY_OTHER =
      "select w.job_id from aidp.in_the_way(?) w where w.part <> 'runs' limit 1";

  private static final String HOLD =
      """
      insert into aidp.workspace_holds (job_id, execution_id, workspace_identity, workspace, host, wanted_until)
      select j.id, l.execution_id, j.workspace_identity, j.workspace, j.host, clock_timestamp()
      from aidp.jobs j join aidp.leases l on l.job_id = j.id
      where j.id = ? and l.execution_id = ? and l.token = ?
      on conflict (job_id) do update
      set execution_id = excluded.execution_id, wanted_until = excluded.wanted_until
      """;

  private static final String RUNNING_THERE =
      "select w.job_id from aidp.in_the_way(?) w where w.part = 'runs' limit 1";

  private static final String WANT =
      "update aidp.workspace_holds set wanted_until = clock_timestamp() + interval '1 minute' where"
          + " job_id = ?";

  // As if it had never been claimed.
  private static final String GIVE_BACK =
      """
      with given as (
        delete from aidp.leases where job_id = ? and execution_id = ? and token = ? returning job_id
      ), queued as (
        update aidp.jobs j
        set status = 'queued', attempt = j.attempt - 1, executions = j.executions - 1, started_at = null
        from given g where j.id = g.job_id
        returning j.id, coalesce(j.host, '') as host, j.provider, j.priority
      )
      insert into aidp.ready (host, provider, priority, ready_at, job_id)
      select host, provider, priority, clock_timestamp(), id from queued
      """;

  private HoldWorkspace() {}

  /// Commits. Where another job is in the way, the claimed one is given back to the queue without
  /// an execution or an attempt; it is claimed again when nothing is in its way any more.
  ///
  /// @return true: the workspace is the job's alone, as long as its lease exists; false: the job
  ///   was given back, or its lease was lost
  public static boolean take(Connection connection, LeaseRef lease) throws SQLException {
    return Transaction.run(
        connection,
        transaction -> {
          try (Statement statement = transaction.createStatement()) {
            statement.execute(LOCK);
            statement.execute(FORGET);
          }
          if (finds(transaction, HELD_BY_OTHER, lease.jobId())) {
            update(transaction, GIVE_BACK, lease);
            return false;
          }
          if (update(transaction, HOLD, lease) == 0) {
            return false;
          }
          if (!finds(transaction, RUNNING_THERE, lease.jobId())) {
            return true;
          }
          try (PreparedStatement want = transaction.prepareStatement(WANT)) {
            want.setLong(1, lease.jobId());
            want.executeUpdate();
          }
          update(transaction, GIVE_BACK, lease);
          return false;
        });
  }

  private static boolean finds(Connection connection, String sql, long jobId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static int update(Connection connection, String sql, LeaseRef lease) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, lease.jobId());
      statement.setLong(2, lease.executionId());
      statement.setObject(3, lease.token());
      return statement.executeUpdate();
    }
  }
}
