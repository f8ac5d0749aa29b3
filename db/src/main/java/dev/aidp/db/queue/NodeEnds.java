package dev.aidp.db.queue;

import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Stores what nodes bring with them, in the transaction that ends their executions.
final class NodeEnds {
  private static final String OUTPUT =
      """
      insert into aidp.node_outputs (job_id, run_id, node, output, skipped, exit_code, changed_files)
      select j.id, j.run_id, coalesce(j.node, j.name), i.output::json, i.skipped, i.exit_code, i.changed_files::json
      from unnest(?::bigint[], ?::text[], ?::boolean[], ?::int[], ?::text[])
        as i(job_id, output, skipped, exit_code, changed_files)
      join aidp.jobs j on j.id = i.job_id
      on conflict (job_id) do update
      set output = excluded.output, skipped = excluded.skipped, exit_code = excluded.exit_code,
          changed_files = excluded.changed_files
      """;

  private NodeEnds() {}

  /// How a job stands after its execution was ended.
  record Standing(
      long jobId, JobStatus status, boolean inPipeline, UUID runId, @Nullable Long fanOutId) {
    static Standing of(ResultSet row) throws SQLException {
      long fanOutId = row.getLong("fan_out_id");
      return new Standing(
          row.getLong("id"),
          JobStatus.ofWord(row.getString("status")),
          row.getBoolean("in_pipeline"),
          row.getObject("run_id", UUID.class),
          fanOutId == 0 ? null : fanOutId);
    }
  }

  /// Only for jobs that stand as their executions had it: one that was cancelled meanwhile neither
  /// fans out nor asks.
  ///
  /// @param standings by execution
  /// @return keys under which jobs were lined up
  static Set<ClaimKey> store(
      Connection connection, List<FinishJobs.Ended> batch, Map<Long, Standing> standings)
      throws SQLException {
    if (standings.isEmpty()) {
      return Set.of();
    }
    Map<Long, NodeEnd.Output> outputs = new LinkedHashMap<>();
    Set<ClaimKey> ready = new HashSet<>();
    for (FinishJobs.Ended ended : batch) {
      Standing standing = standings.get(ended.lease().executionId());
      NodeEnd node = ended.node();
      if (standing == null || node == null) {
        continue;
      }
      switch (node) {
        case NodeEnd.Output output -> {
          if (standing.status() == JobStatus.COMPLETED) {
            outputs.put(standing.jobId(), output);
          }
        }
        case NodeEnd.FanOut fanOut -> {
          if (standing.status() == JobStatus.WAITING) {
            ready.addAll(FanOuts.create(connection, standing.jobId(), fanOut));
          }
        }
        case NodeEnd.Asked(String message) -> {
          if (standing.status() == JobStatus.WAITING) {
            AskApproval.ask(connection, standing.jobId(), message);
          }
        }
      }
    }
    storeOutputs(connection, outputs);
    return ready;
  }

  /// Tells the runs of what [#store] has stored: the last thing in the transaction, for it locks
  /// their rows.
  static void report(
      Connection connection, List<FinishJobs.Ended> batch, Map<Long, Standing> standings)
      throws SQLException {
    for (FinishJobs.Ended ended : batch) {
      Standing standing = standings.get(ended.lease().executionId());
      if (standing == null || standing.status() != JobStatus.WAITING) {
        continue;
      }
      switch (ended.node()) {
        case NodeEnd.FanOut fanOut ->
            RunProgress.added(connection, standing.runId(), fanOut.items().size());
        case NodeEnd.Asked(String message) -> reportAsked(connection, standing, message);
        case NodeEnd.Output _ -> {}
        case null -> {}
      }
    }
  }

  private static void reportAsked(
      Connection connection, Standing standing, @Nullable String message) throws SQLException {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("jobId", standing.jobId());
    data.put("message", message);
    RunLog.add(
        connection,
        standing.runId(),
        LogLevel.INFO,
        "Waiting for approval: aidp approve " + standing.jobId(),
        data);
  }

  private static void storeOutputs(Connection connection, Map<Long, NodeEnd.Output> outputs)
      throws SQLException {
    if (outputs.isEmpty()) {
      return;
    }
    List<NodeEnd.Output> values = List.copyOf(outputs.values());
    try (PreparedStatement statement = connection.prepareStatement(OUTPUT)) {
      statement.setArray(1, connection.createArrayOf("bigint", outputs.keySet().toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", values.stream().map(each -> SafeText.storableJson(each.json())).toArray()));
      statement.setArray(
          3,
          connection.createArrayOf(
              "boolean", values.stream().map(NodeEnd.Output::skipped).toArray()));
      statement.setArray(
          4,
          connection.createArrayOf("int", values.stream().map(NodeEnd.Output::exitCode).toArray()));
      statement.setArray(
          5, connection.createArrayOf("text", values.stream().map(NodeEnds::files).toArray()));
      statement.executeUpdate();
    }
  }

  private static String files(NodeEnd.Output output) {
    return SafeText.storableJson(JsonMapper.shared().writeValueAsString(output.changedFiles()));
  }
}
