package dev.aidp.db.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a node's templates stand for: read just before it starts, and only what they name.
public final class ReadNodeInputs {
  private static final String OUTPUTS =
      """
      select o.node, o.output::text, o.skipped, o.exit_code, o.changed_files::text
      from aidp.node_outputs o join aidp.jobs j on j.id = o.job_id
      where o.run_id = ? and o.node = any (?::text[]) and j.status = 'completed'
      """;

  // Those that the job needs, directly or through one another; an item needs what its node does.
  private static final String CHANGED_FILES =
      """
      with recursive before (id) as (
        select d.depends_on_id from aidp.job_dependencies d
        where d.job_id = (select coalesce(fan_out_id, id) from aidp.jobs where id = ?)
        union
        select d.depends_on_id from before b join aidp.job_dependencies d on d.job_id = b.id
      )
      select o.changed_files::text
      from before b join aidp.node_outputs o on o.job_id = b.id
      where o.changed_files::text <> '[]'
      order by o.job_id
      """;

  private static final String ITEMS =
      """
      select f.items, o.output::text
      from aidp.fan_outs f
      left join aidp.jobs j on j.fan_out_id = f.job_id
      left join aidp.node_outputs o on o.job_id = j.id and j.status = 'completed'
      where f.job_id = ?
      order by j.item
      """;

  private ReadNodeInputs() {}

  /// What a node has put out.
  ///
  /// @param json a JSON value
  /// @param changedFiles a JSON array of strings
  public record Output(
      String json, boolean skipped, @Nullable Integer exitCode, String changedFiles) {}

  /// By the nodes' names; those that have not completed are left out.
  public static Map<String, Output> outputs(
      Connection connection, UUID runId, Collection<String> nodes) throws SQLException {
    Map<String, Output> outputs = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(OUTPUTS)) {
      statement.setObject(1, runId);
      statement.setArray(2, connection.createArrayOf("text", nodes.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          int exitCode = row.getInt("exit_code");
          Integer exit = row.wasNull() ? null : exitCode;
          outputs.put(
              row.getString("node"),
              new Output(
                  row.getString("output"),
                  row.getBoolean("skipped"),
                  exit,
                  row.getString("changed_files")));
        }
      }
    }
    return outputs;
  }

  /// What the nodes before a job have changed: JSON arrays of paths, one for each that has.
  public static List<String> changedFiles(Connection connection, long jobId) throws SQLException {
    return texts(connection, CHANGED_FILES, jobId);
  }

  /// The user's prompt of a run; empty if it has none.
  public static Optional<String> prompt(Connection connection, UUID runId) throws SQLException {
    return texts(
            connection,
            "select prompt from aidp.pipeline_runs where id = ? and prompt is not null",
            runId)
        .stream()
        .findFirst();
  }

  /// The outputs of a node's items, in their order.
  ///
  /// @return empty if its list is not known yet
  public static Optional<List<String>> items(Connection connection, long jobId)
      throws SQLException {
    List<String> outputs = new ArrayList<>();
    int expected = -1;
    try (PreparedStatement statement = connection.prepareStatement(ITEMS)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          expected = row.getInt(1);
          String output = row.getString(2);
          if (output != null) {
            outputs.add(output);
          }
        }
      }
    }
    if (expected < 0) {
      return Optional.empty();
    }
    if (outputs.size() != expected) {
      throw new IllegalStateException(
          "job %d collects %d outputs of %d items".formatted(jobId, outputs.size(), expected));
    }
    return Optional.of(outputs);
  }

  private static List<String> texts(Connection connection, String sql, Object value)
      throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, value);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          texts.add(row.getString(1));
        }
      }
    }
    return texts;
  }
}
