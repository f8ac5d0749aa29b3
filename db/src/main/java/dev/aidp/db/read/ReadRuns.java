package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs and their nodes, as users see them.
public final class ReadRuns {
  private static final String RUNS =
      """
      select r.*, p.pipeline_path, p.description from aidp.runs r left join aidp.pipeline_runs p on p.id = r.id
      """;

  // Each half by an index of its own: a union of both, sorted, would read every job.
  private static final String LATEST =
      RUNS
          + "where r.id = any (array(select id from aidp.pipeline_runs order by created_at desc, id"
          + " limit ?)) and not r.single_job order by r.created_at desc, r.id";

  private static final String LATEST_SINGLE =
      """
      select j.run_id as id, j.name as pipeline, j.prompt, %s as status, %s as reason, j.workspace, j.host, j.created_at, j.started_at,
             j.completed_at, j.error, true as single_job, null as pipeline_path, null as description
      from aidp.jobs j %s where not j.in_pipeline order by j.id desc limit ?
      """
          .formatted(HeldJobs.STATUS, HeldJobs.REASON, HeldJobs.JOIN);

  private static final String NODES =
      """
      with needs as materialized (
        select d.job_id, array_agg(p.node order by p.id) as names
        from aidp.jobs j
        join aidp.job_dependencies d on d.job_id = j.id
        join aidp.jobs p on p.id = d.depends_on_id and p.fan_out_id is null
        where j.run_id = ? and j.fan_out_id is null
        group by d.job_id
      )
      select j.id, coalesce(j.node, j.name) as node, j.fan_out_id, j.provider, %s as status, %s as reason, j.attempt,
             j.started_at, j.completed_at, j.error, n.names, coalesce(o.skipped, false) as skipped,
             case when ? then case when j.in_pipeline then o.output::text
                                   else (select to_json(e.result)::text from aidp.executions e
                                         where e.job_id = j.id order by e.attempt desc limit 1) end end as output
      from aidp.jobs j
      left join needs n on n.job_id = coalesce(j.fan_out_id, j.id)
      left join aidp.node_outputs o on o.job_id = j.id and j.status = 'completed'
      %s
      where j.run_id = ?
      order by coalesce(j.fan_out_id, j.id), j.item nulls first
      """
          .formatted(HeldJobs.STATUS, HeldJobs.REASON, HeldJobs.JOIN);

  private static final String LOGS =
      """
      select seq, timestamp, level, category, message, data
      from aidp.run_logs where run_id = ? and seq > ? order by seq limit ?
      """;

  private static final String EXECUTIONS =
      """
      select e.job_id, e.attempt, e.status
      from aidp.jobs j join aidp.job_executions e on e.job_id = j.id
      where j.run_id = ? order by e.id
      """;

  private ReadRuns() {}

  /// One attempt at a node.
  public record Attempt(long jobId, int attempt, JobStatus status) {}

  /// All attempts at all nodes, in the order in which they began.
  public static List<Attempt> attempts(Connection connection, UUID runId) throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(EXECUTIONS)) {
      statement.setObject(1, runId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          attempts.add(
              new Attempt(
                  row.getLong("job_id"),
                  row.getInt("attempt"),
                  JobStatus.ofWord(row.getString("status"))));
        }
      }
    }
    return attempts;
  }

  /// Newest first.
  ///
  /// @param singleJobs whether those of single jobs are among them
  public static List<Run> latest(Connection connection, int limit, boolean singleJobs)
      throws SQLException {
    List<Run> runs = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LATEST)) {
      statement.setInt(1, limit);
      read(statement, runs);
    }
    if (singleJobs) {
      try (PreparedStatement statement = connection.prepareStatement(LATEST_SINGLE)) {
        statement.setInt(1, limit);
        read(statement, runs);
      }
      runs.sort(Comparator.comparing(Run::createdAt).reversed());
    }
    return List.copyOf(runs.subList(0, Math.min(limit, runs.size())));
  }

  public static Optional<Run> byId(Connection connection, UUID runId) throws SQLException {
    List<Run> runs = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(RUNS + "where r.id = ?")) {
      statement.setObject(1, runId);
      read(statement, runs);
    }
    return runs.stream().findFirst();
  }

  private static void read(PreparedStatement statement, List<Run> into) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        into.add(run(row));
      }
    }
  }

  /// In the order in which they were defined, items behind their nodes. A single job is its run's
  /// only one.
  ///
  /// @param withOutputs they may be large
  public static List<RunNode> nodes(Connection connection, UUID runId, boolean withOutputs)
      throws SQLException {
    List<RunNode> nodes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(NODES)) {
      statement.setObject(1, runId);
      statement.setBoolean(2, withOutputs);
      statement.setObject(3, runId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          nodes.add(node(row));
        }
      }
    }
    return nodes;
  }

  /// What happened to the run as a whole, in `seq` order, beginning behind the given one (0: at the
  /// first). The entries' job is 0.
  public static List<LogEntry> logs(Connection connection, UUID runId, long afterSeq, int limit)
      throws SQLException {
    List<LogEntry> entries = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(LOGS)) {
      statement.setObject(1, runId);
      statement.setLong(2, afterSeq);
      statement.setInt(3, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          entries.add(
              new LogEntry(
                  0,
                  0,
                  row.getLong("seq"),
                  row.getObject("timestamp", OffsetDateTime.class).toInstant(),
                  LogLevel.ofWord(row.getString("level")),
                  LogCategory.ofWord(row.getString("category")),
                  row.getString("message"),
                  row.getString("data")));
        }
      }
    }
    return entries;
  }

  private static Run run(ResultSet row) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    String workspace = row.getString("workspace");
    return new Run(
        id,
        row.getString("pipeline"),
        row.getString("pipeline_path"),
        row.getString("description"),
        row.getString("prompt"),
        JobStatus.ofWord(row.getString("status")),
        row.getString("reason"),
        workspace,
        row.getString("host"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "completed_at"),
        row.getString("error"),
        workspace == null ? null : Path.of(workspace, ".pipeline-runs", id.toString()).toString(),
        row.getBoolean("single_job"));
  }

  private static RunNode node(ResultSet row) throws SQLException {
    long fanOutId = row.getLong("fan_out_id");
    return new RunNode(
        row.getString("node"),
        row.getLong("id"),
        fanOutId == 0 ? null : fanOutId,
        row.getString("provider"),
        JobStatus.ofWord(row.getString("status")),
        row.getString("reason"),
        row.getInt("attempt"),
        instant(row, "started_at"),
        instant(row, "completed_at"),
        row.getString("error"),
        names(row.getArray("names")),
        row.getString("output"),
        row.getBoolean("skipped"));
  }

  private static List<String> names(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
