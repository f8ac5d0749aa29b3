package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Keeps where the worktree of a running job is.
public final class RecordWorktree {
  private static final String SQL =
      """
      update aidp.jobs j
      set options = (j.options - 'worktreePath') || jsonb_strip_nulls(jsonb_build_object('worktreePath', ?::text))
      from aidp.leases l
      where j.id = ? and l.job_id = j.id and l.execution_id = ? and l.token = ?
      """;

  private RecordWorktree() {}

  /// @param path null: there is none any more
  /// @return false: the lease was lost
  public static boolean record(Connection connection, LeaseRef lease, @Nullable String path)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, path);
      statement.setLong(2, lease.jobId());
      statement.setLong(3, lease.executionId());
      statement.setObject(4, lease.token());
      return statement.executeUpdate() == 1;
    }
  }
}
