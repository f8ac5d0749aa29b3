package dev.aidp.db.read;

import dev.aidp.core.job.JobStatus;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The runs of pipelines as a screen shows them: how far they are, and which node needs which.
public final class ReadRunGraph {
  private static final String LATEST =
      """
      select id, pipeline, status, reason, created_at,
             (extract(epoch from coalesce(completed_at, clock_timestamp()) - started_at) * 1000)::bigint as elapsed
      from aidp.runs where not single_job order by created_at desc, id limit ?
      """;

  private static final String BY_ID =
      """
      select id, pipeline, status, reason, created_at,
             (extract(epoch from coalesce(completed_at, clock_timestamp()) - started_at) * 1000)::bigint as elapsed
      from aidp.runs where id = ?
      """;

  private static final String NODES =
      """
      select j.id, coalesce(j.node, j.name) as node, j.provider, %s as status, coalesce(l.progress, j.error, held.reason, j.reason) as note,
             (extract(epoch from case when j.status = 'running' then clock_timestamp() - l.started_at
                                      else j.completed_at - j.started_at end) * 1000)::bigint as duration,
             array(select d.depends_on_id from aidp.job_dependencies d where d.job_id = j.id order by 1) as needs
      from aidp.jobs j left join aidp.leases l on l.job_id = j.id
      %s
      where j.run_id = ? order by j.id limit ?
      """
          .formatted(HeldJobs.STATUS, HeldJobs.JOIN);

  private ReadRunGraph() {}

  /// A run of a pipeline, or of a single job.
  ///
  /// @param elapsed since it started, to its end if it has ended
  public record RunRow(
      UUID id,
      String pipeline,
      JobStatus status,
      @Nullable String reason,
      Instant createdAt,
      @Nullable Duration elapsed) {}

  /// A node of a run.
  ///
  /// @param note what it does, what went wrong, or what it waits for
  /// @param duration of its latest execution
  /// @param needs ids of the jobs that it needs
  public record NodeRow(
      long jobId,
      String node,
      String provider,
      JobStatus status,
      @Nullable String note,
      @Nullable Duration duration,
      List<Long> needs) {
    public NodeRow {
      needs = List.copyOf(needs);
    }
  }

  /// Runs of pipelines, newest first.
  public static List<RunRow> latest(Connection connection, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LATEST)) {
      statement.setInt(1, limit);
      return runs(statement);
    }
  }

  public static Optional<RunRow> run(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY_ID)) {
      statement.setObject(1, id);
      return runs(statement).stream().findFirst();
    }
  }

  private static List<RunRow> runs(PreparedStatement statement) throws SQLException {
    List<RunRow> runs = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        runs.add(
            new RunRow(
                row.getObject("id", UUID.class),
                row.getString("pipeline"),
                JobStatus.ofWord(row.getString("status")),
                row.getString("reason"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                duration(row, "elapsed")));
      }
    }
    return runs;
  }

  /// In the order in which they were queued.
  public static List<NodeRow> nodes(Connection connection, UUID runId, int limit)
      throws SQLException {
    List<NodeRow> nodes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(NODES)) {
      statement.setObject(1, runId);
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Array needs = row.getArray("needs");
          nodes.add(
              new NodeRow(
                  row.getLong("id"),
                  row.getString("node"),
                  row.getString("provider"),
                  JobStatus.ofWord(row.getString("status")),
                  row.getString("note"),
                  duration(row, "duration"),
                  List.of((Long[]) needs.getArray())));
        }
      }
    }
    return nodes;
  }

  private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Duration.ofMillis(Math.max(0, millis));
  }
}
