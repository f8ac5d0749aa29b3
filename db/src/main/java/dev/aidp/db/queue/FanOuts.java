package dev.aidp.db.queue;

import dev.aidp.core.run.NodeEnd;
import dev.aidp.core.text.SafeText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// The items of nodes with `for_each`: their jobs, and the places that these share. Part of the
/// caller's transaction.
///
/// An item that waits for a place has one pending dependency, on no job. One that was given a place
/// keeps it until it has ended, also while it waits to be tried again.
final class FanOuts {
  private static final String CREATE =
      """
      with fan_out as (
        insert into aidp.fan_outs (job_id, items, max_parallel, admitted, next_item) values (?, ?, ?, ?, ?)
      ), items as (
        insert into aidp.jobs (run_id, node, name, provider, model, prompt, workspace, workspace_identity, host, priority, timeout,
                               max_attempts, max_crashes, rerun, options, metadata, in_pipeline, fan_out_id, item,
                               status, pending_dependencies, reason)
        select p.run_id, p.node || '[' || i.index - 1 || ']', p.name || '[' || i.index - 1 || ']', p.provider, p.model, p.prompt,
               p.workspace, p.workspace_identity, p.host, p.priority, p.timeout, p.max_attempts, p.max_crashes, p.rerun,
               p.options || jsonb_build_object('item', i.value), p.metadata, p.in_pipeline, p.id, i.index - 1,
               case when i.index > ? then 'waiting' else 'queued' end,
               case when i.index > ? then 1 else 0 end,
               case when i.index > ? then 'waits for a place: at most ' || ? || ' items at once' end
        from aidp.jobs p
        cross join unnest(?::text[]) with ordinality as i(value, index)
        where p.id = ?
        order by i.index
        returning id, status, coalesce(host, '') as host, provider, priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from items where status = 'queued'
      ), linked as (
        insert into aidp.job_dependencies (depends_on_id, job_id) select id, ? from items
      )
      select distinct host, provider, priority from items where status = 'queued'
      """;

  private static final String WAIT =
      """
      update aidp.jobs
      set pending_dependencies = ?, reason = 'needs its ' || ? || case when ? = 1 then ' item' else ' items' end
      where id = ?
      """;

  private static final String GIVE_BACK =
      "update aidp.fan_outs set admitted = admitted - ? where job_id = ?";

  // Looks from the first item that may wait, and so never at those that have ended.
  private static final String ADMIT =
      """
      with picked as materialized (
        select j.id, j.item
        from aidp.fan_outs f
        join aidp.jobs j on j.fan_out_id = f.job_id and j.item >= f.next_item
        where f.job_id = ? and j.status = 'waiting' and j.pending_dependencies > 0
        order by j.item
        limit (select greatest(max_parallel - admitted, 0) from aidp.fan_outs where job_id = ?)
        for update of j
      ), moved as (
        update aidp.jobs j set pending_dependencies = 0, status = 'queued', reason = null
        where j.id = any (array(select id from picked))
        returning j.id, coalesce(j.host, '') as host, j.provider, j.priority
      ), counted as (
        update aidp.fan_outs
        set admitted = admitted + (select count(*) from picked),
            next_item = coalesce((select max(item) + 1 from picked), next_item)
        where job_id = ?
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select host, provider, priority, clock_timestamp(), id from moved
      )
      select distinct host, provider, priority from moved
      """;

  private FanOuts() {}

  /// Makes a job for each item, and lets the node's own job, which is `waiting`, wait for them.
  ///
  /// @return keys under which the first ones were lined up
  static Set<ClaimKey> create(Connection connection, long jobId, NodeEnd.FanOut fanOut)
      throws SQLException {
    int count = fanOut.items().size();
    int places = Math.min(count, fanOut.maxParallel());
    Set<ClaimKey> ready;
    try (PreparedStatement statement = connection.prepareStatement(CREATE)) {
      int i = 0;
      statement.setLong(++i, jobId);
      statement.setInt(++i, count);
      statement.setInt(++i, fanOut.maxParallel());
      statement.setInt(++i, places);
      statement.setInt(++i, places);
      statement.setInt(++i, places);
      statement.setInt(++i, places);
      statement.setInt(++i, places);
      statement.setInt(++i, fanOut.maxParallel());
      Object[] items = fanOut.items().stream().map(SafeText::storableJson).toArray();
      statement.setArray(++i, connection.createArrayOf("text", items));
      statement.setLong(++i, jobId);
      statement.setLong(++i, jobId);
      ready = ClaimKey.read(statement);
    }
    try (PreparedStatement statement = connection.prepareStatement(WAIT)) {
      statement.setInt(1, count);
      statement.setInt(2, count);
      statement.setInt(3, count);
      statement.setLong(4, jobId);
      statement.executeUpdate();
    }
    return ready;
  }

  /// Items have ended: others take their places.
  ///
  /// @return keys under which those were lined up
  static Set<ClaimKey> giveBack(Connection connection, long fanOutId, int places)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GIVE_BACK)) {
      statement.setInt(1, places);
      statement.setLong(2, fanOutId);
      statement.executeUpdate();
    }
    return admit(connection, fanOutId);
  }

  /// Items that had ended wait for a place again.
  ///
  /// @return keys under which those that got one were lined up
  static Set<ClaimKey> lookAgain(Connection connection, Collection<Long> fanOutIds)
      throws SQLException {
    Set<ClaimKey> ready = new HashSet<>();
    for (long fanOutId : fanOutIds) {
      try (PreparedStatement statement =
          connection.prepareStatement("update aidp.fan_outs set next_item = 0 where job_id = ?")) {
        statement.setLong(1, fanOutId);
        statement.executeUpdate();
      }
      ready.addAll(admit(connection, fanOutId));
    }
    return ready;
  }

  private static Set<ClaimKey> admit(Connection connection, long fanOutId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADMIT)) {
      statement.setLong(1, fanOutId);
      statement.setLong(2, fanOutId);
      statement.setLong(3, fanOutId);
      return ClaimKey.read(statement);
    }
  }
}
