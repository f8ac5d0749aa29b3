package dev.aidp.db.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Counts down what a run has still to do, and ends it. Part of the caller's transaction, which has
/// locked the jobs before: the run's row comes last, so that whoever finds nothing remaining sees
/// how every job ended.
final class RunProgress {
  // What an update of one run costs does not depend on how many nodes it has: the time of its start
  // is looked for only once.
  private static final String COUNT =
      """
      with locked as materialized (
        select id from aidp.pipeline_runs where id = any (?::uuid[]) order by id for update
      )
      update aidp.pipeline_runs r
      set remaining = r.remaining - d.ended,
          started_at = coalesce(r.started_at, (select min(j.started_at) from aidp.jobs j where j.run_id = r.id))
      from unnest(?::uuid[], ?::int[]) as d(id, ended)
      where r.id = d.id and r.id = any (array(select id from locked))
      returning r.id, r.remaining
      """;

  private static final String END =
      """
      with verdict as (
        select j.run_id,
               case when bool_or(j.status = 'failed') then 'failed'
                    when bool_or(j.status = 'interrupted') then 'interrupted'
                    else 'completed' end as status,
               (array_agg(case when j.provider = 'gate' then j.error else j.node || ': ' || coalesce(j.error, 'failed') end
                          order by j.completed_at, j.id) filter (where j.status = 'failed'))[1] as failure,
               (array_agg(coalesce(j.reason, j.error) order by j.reason like 'needs %', j.completed_at, j.id)
                filter (where j.status = 'interrupted'))[1] as interruption
        from aidp.jobs j
        where j.run_id = any (?::uuid[])
        group by j.run_id
      ), ended as (
        update aidp.pipeline_runs r
        set status = v.status, completed_at = clock_timestamp(), log_seq = r.log_seq + 1,
            reason = case when v.status = 'interrupted' then v.interruption end,
            error = coalesce(v.failure, v.interruption)
        from verdict v
        where r.id = v.run_id
        returning r.id, r.log_seq, r.status, r.error
      )
      insert into aidp.run_logs (run_id, seq, level, message)
      select id, log_seq,
             case status when 'failed' then 'error' when 'interrupted' then 'warn' else 'info' end,
             case status when 'completed' then 'Pipeline completed'
                  else concat_ws(': ', case status when 'failed' then 'Pipeline failed' else 'Pipeline interrupted' end, error) end
      from ended
      """;

  private static final String ADD =
      """
      update aidp.pipeline_runs
      set remaining = remaining + ?, completed_at = null, error = null, reason = null,
          status = case when completed_at is null then status else 'running' end
      where id = ?
      """;

  private RunProgress() {}

  /// Gives back the places of items, and counts nodes off that have ended.
  ///
  /// @return keys under which items were lined up
  static Set<ClaimKey> ended(Connection connection, Collection<EndedNode> nodes)
      throws SQLException {
    if (nodes.isEmpty()) {
      return Set.of();
    }
    Map<Long, Integer> places = new TreeMap<>();
    Map<UUID, Integer> runs = new TreeMap<>();
    for (EndedNode node : nodes) {
      if (node.placeIn() != null) {
        places.merge(node.placeIn(), 1, Integer::sum);
      }
      runs.merge(node.runId(), 1, Integer::sum);
    }
    Set<ClaimKey> ready = new HashSet<>();
    for (Map.Entry<Long, Integer> place : places.entrySet()) {
      ready.addAll(FanOuts.giveBack(connection, place.getKey(), place.getValue()));
    }
    List<UUID> finished = count(connection, runs);
    if (!finished.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(END)) {
        statement.setArray(1, connection.createArrayOf("uuid", finished.toArray()));
        statement.executeUpdate();
      }
    }
    return ready;
  }

  private static List<UUID> count(Connection connection, Map<UUID, Integer> runs)
      throws SQLException {
    List<UUID> finished = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setArray(1, connection.createArrayOf("uuid", runs.keySet().toArray()));
      statement.setArray(2, connection.createArrayOf("uuid", runs.keySet().toArray()));
      statement.setArray(3, connection.createArrayOf("int", runs.values().toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getInt("remaining") == 0) {
            finished.add(row.getObject("id", UUID.class));
          }
        }
      }
    }
    return finished;
  }

  /// The run has more to do than it had: new jobs, or such as had ended. It runs again if it had
  /// ended too.
  static void added(Connection connection, UUID runId, int jobs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADD)) {
      statement.setInt(1, jobs);
      statement.setObject(2, runId);
      statement.executeUpdate();
    }
  }
}
