package dev.aidp.db.prune;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The jobs and runs that ended before a time and that nothing needs any more.
///
/// A job stays while one that needs it has not ended for as long (it reads its output), and while
/// it is how far a workflow has come: without it `execute next` would begin that step anew. A run
/// goes as a whole.
final class FindEnded {
  private static final String JOB =
      """
      (j.status in ('completed', 'failed', 'interrupted') and j.completed_at < ?
       and not exists (select from aidp.leases l where l.job_id = j.id)
       and not exists (
         select from aidp.job_dependencies d join aidp.jobs n on n.id = d.job_id
         where d.depends_on_id = j.id and (n.completed_at is null or n.completed_at >= ?))
       and not (j.metadata ?? 'workflow' and not exists (
         select from aidp.jobs n
         where n.metadata ?? 'workflow' and n.workspace_identity = j.workspace_identity
           and n.metadata ->> 'workflow' = j.metadata ->> 'workflow'
           and n.metadata ->> 'step' = j.metadata ->> 'step' and n.id > j.id)))
      """;

  // No index tells which jobs ended when (it would cost each completion), so they are read in
  // windows of their primary key, each a short statement.
  private static final String WINDOW_END =
      "select max(id) from (select id from aidp.jobs where id > ? order by id limit ?) w";

  private static final String SINGLE_JOBS =
      """
      select j.id from aidp.jobs j
      where j.id > ? and j.id <= ? and %s
        and not exists (select from aidp.pipeline_runs r where r.id = j.run_id)
      order by j.id
      """
          .formatted(JOB);

  private static final String RUN =
      """
      r.status in ('completed', 'failed', 'interrupted') and r.completed_at < ?
      and not exists (select from aidp.jobs j where j.run_id = r.id and %s is not true)
      """
          .formatted(JOB);

  private static final String RUNS =
      "select r.id from aidp.pipeline_runs r where r.id > ? and " + RUN + " order by r.id limit ?";

  private static final String STILL =
      "select r.id from aidp.pipeline_runs r where r.id = any (?) and " + RUN + " order by r.id";

  private static final String LOCK_JOBS =
      "select j.id from aidp.jobs j where j.run_id = any (?) order by j.id for update";

  private static final String LOCK_RUNS =
      "select r.id from aidp.pipeline_runs r where r.id = any (?) order by r.id for update";

  private static final String JOBS_OF =
      "select j.id from aidp.jobs j where j.run_id = any (?) order by j.id";

  private FindEnded() {}

  /// The last id of the next window of jobs, null behind the last one.
  static @Nullable Long windowEnd(Connection connection, long afterId, int size)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WINDOW_END)) {
      statement.setLong(1, afterId);
      statement.setInt(2, size);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long end = row.getLong(1);
        return row.wasNull() ? null : end;
      }
    }
  }

  /// Jobs of a window that belong to no pipeline run.
  ///
  /// @param lock whether to lock them until the transaction ends; those that somebody else has
  ///   locked are left out
  static List<Long> singleJobs(
      Connection connection, OffsetDateTime before, long afterId, long lastId, boolean lock)
      throws SQLException {
    String sql = lock ? SINGLE_JOBS + "for update of j skip locked" : SINGLE_JOBS;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, afterId);
      statement.setLong(2, lastId);
      statement.setObject(3, before);
      statement.setObject(4, before);
      return column(statement, Long.class);
    }
  }

  static List<UUID> runs(Connection connection, OffsetDateTime before, UUID after, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RUNS)) {
      statement.setObject(1, after);
      bindRun(statement, 2, before);
      statement.setInt(5, limit);
      return column(statement, UUID.class);
    }
  }

  /// Those of the runs that may still go, locked with their jobs in the order of all locks: jobs by
  /// id, then runs.
  static List<UUID> locked(Connection connection, OffsetDateTime before, List<UUID> runs)
      throws SQLException {
    ofRuns(connection, LOCK_JOBS, runs, Long.class);
    ofRuns(connection, LOCK_RUNS, runs, UUID.class);
    try (PreparedStatement statement = connection.prepareStatement(STILL)) {
      statement.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
      bindRun(statement, 2, before);
      return column(statement, UUID.class);
    }
  }

  static List<Long> jobsOf(Connection connection, List<UUID> runs) throws SQLException {
    return ofRuns(connection, JOBS_OF, runs, Long.class);
  }

  private static <T> List<T> ofRuns(
      Connection connection, String sql, List<UUID> runs, Class<T> type) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
      return column(statement, type);
    }
  }

  private static void bindRun(PreparedStatement statement, int first, OffsetDateTime before)
      throws SQLException {
    for (int i = first; i < first + 3; i++) {
      statement.setObject(i, before);
    }
  }

  private static <T> List<T> column(PreparedStatement statement, Class<T> type)
      throws SQLException {
    List<T> values = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        values.add(row.getObject(1, type));
      }
    }
    return values;
  }
}
