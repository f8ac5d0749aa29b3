package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Records, before an agent's process is started, that it may have done something from now on.
public final class MarkBegun {
  // A worker that was declared dead while its claim was on the way has the lease, until a reaper sees
  // it: it must not start what another is about to.
  private static final String SQL =
      """
      update aidp.leases l set begun = true, session_id = coalesce(?, l.session_id)
      from aidp.workers w
      where l.job_id = ? and l.execution_id = ? and l.token = ? and w.id = l.worker_id and w.ended_at is null
      """;

  private MarkBegun() {}

  /// @param sessionId if it was chosen by us; null: the agent will give one
  /// @return false: the lease was lost, so do not start
  public static boolean mark(Connection connection, LeaseRef lease, @Nullable String sessionId)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, sessionId);
      statement.setLong(2, lease.jobId());
      statement.setLong(3, lease.executionId());
      statement.setObject(4, lease.token());
      return statement.executeUpdate() == 1;
    }
  }
}
