package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/// The end of queueing a run: what needs nothing is lined up, and the workers are woken.
final class LineUpRun {
  private static final String SQL =
      """
      insert into aidp.ready (host, provider, priority, ready_at, job_id)
      select coalesce(host, ''), provider, priority, clock_timestamp(), id
      from aidp.jobs where run_id = ? and status = 'queued' order by id
      returning host, provider, priority
      """;

  private LineUpRun() {}

  static void lineUp(Connection connection, UUID runId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setObject(1, runId);
      NotifyReady.notifyReady(connection, ClaimKey.read(statement));
    }
  }
}
