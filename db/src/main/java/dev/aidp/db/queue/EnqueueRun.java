package dev.aidp.db.queue;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.run.RunSpec;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Queues a run: its row, a job for each node, and what they need of each other, in one
/// transaction.
public final class EnqueueRun {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NAMED = 3;

  private static final String RUN =
      """
      insert into aidp.pipeline_runs (id, pipeline, pipeline_path, description, definition, prompt, workspace,
                                      workspace_identity, host, idempotency_key, remaining)
      values (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)
      on conflict (workspace_identity, idempotency_key) where idempotency_key is not null do nothing
      """;

  private static final String BY_KEY =
      """
      select id, pipeline, prompt, definition = ?::jsonb as same_definition
      from aidp.pipeline_runs where workspace_identity = ? and idempotency_key = ?
      """;

  private static final String JOBS =
      """
      insert into aidp.jobs (run_id, node, name, provider, model, prompt, workspace, workspace_identity, host, priority, run_at,
                             timeout, max_attempts, max_crashes, rerun, options, metadata, in_pipeline,
                             pending_dependencies, status, reason, wake_at)
      select r.id, n.node, n.name, n.provider, n.model, n.prompt, r.workspace, r.workspace_identity, r.host, n.priority, t.start_at,
             n.timeout_ms * interval '1 ms', n.max_attempts, n.max_crashes, n.rerun, n.options, n.metadata, true,
             n.missing,
             case when n.missing > 0 or t.later then 'waiting' else 'queued' end,
             case when n.missing > 0 then 'needs ' || n.waits_for
                  when t.later then 'starts at ' || to_char(t.start_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end,
             case when t.later and n.missing = 0 then t.start_at end
      from aidp.pipeline_runs r
      cross join jsonb_to_recordset(?::jsonb) as n(
        place int, node text, name text, provider text, model text, prompt text, priority smallint, at timestamptz, delay_ms bigint,
        timeout_ms bigint, max_attempts int, max_crashes int, rerun boolean, options jsonb, metadata jsonb, missing int, waits_for text)
      cross join lateral (
        select s.start_at, coalesce(s.start_at > clock_timestamp(), false) as later
        from (select coalesce(n.at, clock_timestamp() + n.delay_ms * interval '1 ms') as start_at) s) t
      where r.id = ?
      order by n.place
      returning id, node
      """;

  private static final String NEEDS =
      """
      insert into aidp.job_dependencies (depends_on_id, job_id) select * from unnest(?::bigint[], ?::bigint[])
      """;

  private EnqueueRun() {}

  /// What was queued.
  ///
  /// @param jobIds of its nodes, in their order; of an existing run's too
  /// @param created false: the key existed, and this is the run that has it
  /// @param sameContent whether pipeline, definition and prompt are those asked for
  public record Enqueued(UUID runId, List<Long> jobIds, boolean created, boolean sameContent) {
    public Enqueued {
      jobIds = List.copyOf(jobIds);
    }
  }

  /// Commits. Concurrent callers with one key get one run.
  public static Enqueued enqueue(Connection connection, RunSpec spec) throws SQLException {
    while (true) {
      Optional<Enqueued> enqueued =
          Transaction.run(connection, transaction -> tryToEnqueue(transaction, spec));
      if (enqueued.isPresent()) {
        return enqueued.get();
      }
      // The run with this key was pruned between the two statements: insert again.
    }
  }

  private static Optional<Enqueued> tryToEnqueue(Connection connection, RunSpec spec)
      throws SQLException {
    if (!insertRun(connection, spec)) {
      return existing(connection, spec);
    }
    Map<String, Long> ids = insertJobs(connection, spec);
    link(connection, spec, ids);
    RunLog.add(
        connection,
        spec.id(),
        LogLevel.INFO,
        "Starting pipeline: " + spec.pipeline(),
        Collections.singletonMap("description", spec.description()));
    LineUpRun.lineUp(connection, spec.id());
    List<Long> jobIds = new ArrayList<>();
    spec.nodes().forEach(node -> jobIds.add(Objects.requireNonNull(ids.get(node.id()))));
    return Optional.of(new Enqueued(spec.id(), jobIds, true, true));
  }

  private static boolean insertRun(Connection connection, RunSpec spec) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RUN)) {
      JobSpec.Place place = spec.place();
      int i = 0;
      statement.setObject(++i, spec.id());
      statement.setString(++i, text(spec.pipeline()));
      statement.setString(++i, text(spec.path()));
      statement.setString(++i, text(spec.description()));
      statement.setString(++i, SafeText.storableJson(spec.definition()));
      statement.setString(++i, text(spec.prompt()));
      statement.setString(++i, place.workspace() == null ? null : place.workspace().toString());
      statement.setString(++i, place.identity());
      statement.setString(++i, place.host());
      statement.setString(++i, spec.key());
      statement.setInt(++i, spec.nodes().size());
      return statement.executeUpdate() == 1;
    }
  }

  private static Optional<Enqueued> existing(Connection connection, RunSpec spec)
      throws SQLException {
    UUID runId;
    boolean same;
    try (PreparedStatement statement = connection.prepareStatement(BY_KEY)) {
      statement.setString(1, SafeText.storableJson(spec.definition()));
      statement.setString(2, spec.place().identity());
      statement.setString(3, spec.key());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        runId = row.getObject("id", UUID.class);
        same =
            row.getBoolean("same_definition")
                && row.getString("pipeline").equals(text(spec.pipeline()))
                && Objects.equals(row.getString("prompt"), text(spec.prompt()));
      }
    }
    return Optional.of(new Enqueued(runId, jobIds(connection, runId), false, same));
  }

  private static List<Long> jobIds(Connection connection, UUID runId) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select id from aidp.jobs where run_id = ? and fan_out_id is null order by id")) {
      statement.setObject(1, runId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.add(row.getLong(1));
        }
      }
    }
    return ids;
  }

  private static Map<String, Long> insertJobs(Connection connection, RunSpec spec)
      throws SQLException {
    Map<String, Long> ids = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(JOBS)) {
      statement.setString(1, SafeText.storableJson(rows(spec).toString()));
      statement.setObject(2, spec.id());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.put(row.getString("node"), row.getLong("id"));
        }
      }
    }
    return ids;
  }

  private static ArrayNode rows(RunSpec spec) {
    ArrayNode rows = JSON.createArrayNode();
    for (RunSpec.Node node : spec.nodes()) {
      JobSpec job = node.job();
      ObjectNode row = rows.addObject();
      row.put("place", rows.size());
      row.put("node", node.id());
      row.put("name", job.name());
      row.put("provider", job.work().provider());
      row.put("model", job.work().model());
      row.put("prompt", job.work().prompt());
      row.put("priority", job.schedule().priority());
      row.put("at", job.schedule().at() == null ? null : job.schedule().at().toString());
      row.put("delay_ms", millis(job.schedule().delay()));
      row.put("timeout_ms", millis(job.limits().timeout()));
      row.put("max_attempts", job.limits().maxAttempts());
      row.put("max_crashes", job.limits().maxCrashes());
      row.put("rerun", job.limits().rerun());
      row.set("options", JobOptions.ofNode(job, node.definition()));
      row.set("metadata", JSON.valueToTree(job.metadata()));
      row.put("missing", (int) node.needs().stream().distinct().count());
      row.put("waits_for", named(node.needs()));
    }
    return rows;
  }

  private static String named(List<String> needs) {
    String first = String.join(", ", needs.subList(0, Math.min(NAMED, needs.size())));
    return needs.size() <= NAMED ? first : first + " and " + (needs.size() - NAMED) + " more";
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  private static void link(Connection connection, RunSpec spec, Map<String, Long> ids)
      throws SQLException {
    List<Long> needed = new ArrayList<>();
    List<Long> needing = new ArrayList<>();
    for (RunSpec.Node node : spec.nodes()) {
      for (String need : node.needs().stream().distinct().toList()) {
        needed.add(Objects.requireNonNull(ids.get(need), need));
        needing.add(Objects.requireNonNull(ids.get(node.id()), node.id()));
      }
    }
    if (needed.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(NEEDS)) {
      statement.setArray(1, connection.createArrayOf("bigint", needed.toArray()));
      statement.setArray(2, connection.createArrayOf("bigint", needing.toArray()));
      statement.executeUpdate();
    }
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null ? null : SafeText.storable(text);
  }
}
