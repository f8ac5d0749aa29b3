package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/// Where a workspace is held, the end of an execution may let others there begin: those that its
/// hold kept back, or the job that waited to have it. Part of the caller's transaction, which has
/// ended the execution.
final class FreeWorkspaces {
  // Which of those in line are meant is for their claims to find out: holds are rare.
  private static final String SQL =
      """
      with recursive forgotten as (
        delete from aidp.workspace_holds h where not %s
      ), keys as (
        (select host, provider, priority from aidp.ready
         where exists (select from aidp.workspace_holds) order by host, provider, priority limit 1)
        union all
        select n.host, n.provider, n.priority
        from keys k
        cross join lateral (
          select r.host, r.provider, r.priority from aidp.ready r
          where (r.host, r.provider, r.priority) > (k.host, k.provider, k.priority)
          order by r.host, r.provider, r.priority limit 1) n
      )
      select host, provider, priority from keys
      """
          .formatted(WorkspaceHolds.COUNTS);

  private FreeWorkspaces() {}

  /// @return none where no workspace is held; else keys under which jobs may be claimed that could
  ///   not before
  static Set<ClaimKey> freed(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      return ClaimKey.read(statement);
    }
  }
}
