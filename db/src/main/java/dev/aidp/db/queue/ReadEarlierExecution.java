package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/// What became of a job's last execution, and what it was about to do.
public final class ReadEarlierExecution {
  // Only the end of a log is looked at: it may be long, and hold no tool call at all. `??` is the
  // operator `?`, which JDBC would take for a parameter.
  private static final String SQL =
      """
      with earlier as (
        select e.id, e.completed_at, coalesce(e.error, e.error_class, e.status) as why
        from aidp.executions e
        where e.job_id = ? and e.attempt < ?
        order by e.attempt desc limit 1
      ), recent as materialized (
        select l.seq, l.level, l.category, l.message, l.data
        from aidp.job_logs l
        where l.execution_id = (select id from earlier)
        order by l.seq desc limit 500
      )
      select e.completed_at, left(e.why, 2000) as why,
             (select left(begun.message, 2000) from recent begun
              where begun.category = 'tool' and begun.data ?? 'callId' and not begun.data ?? 'status'
                and not exists (
                  select from recent ended
                  where ended.category = 'tool' and ended.data ->> 'callId' = begun.data ->> 'callId'
                    and (ended.data ->> 'status' = 'ok' or ended.data ->> 'output' is not null))
              order by begun.seq desc limit 1) as running,
             (select left(said.message, 2000) from recent said
              where said.category = 'agent' and said.level = 'info'
              order by said.seq desc limit 1) as last_words
      from earlier e
      """;

  private ReadEarlierExecution() {}

  /// @param execution the number of the present one
  public static Optional<EarlierExecution> before(Connection connection, long jobId, int execution)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, jobId);
      statement.setInt(2, execution);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new EarlierExecution(
                row.getObject("completed_at", OffsetDateTime.class).toInstant(),
                row.getString("why"),
                row.getString("running"),
                row.getString("last_words")));
      }
    }
  }
}
