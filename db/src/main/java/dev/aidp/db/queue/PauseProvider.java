package dev.aidp.db.queue;

import dev.aidp.core.job.ErrorClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Pauses the providers whose usage limit was met, on the hosts of the workers that met it. Part of
/// the transaction that ended the executions.
final class PauseProvider {
  // An execution that was under way already when another met the limit tells nothing new, so it can
  // only make the pause longer. The probe does: its word replaces what was known.
  private static final String SQL =
      """
      insert into aidp.provider_pauses as p (host, provider, until_at, error)
      select w.host, j.provider, max(e.completed_at + i.delay_ms * interval '1 ms'), max(e.error)
      from unnest(?::bigint[], ?::bigint[], ?::bigint[]) as i(job_id, execution_id, delay_ms)
      join aidp.executions e on e.job_id = i.job_id and e.id = i.execution_id
      join aidp.workers w on w.id = e.worker_id
      join aidp.jobs j on j.id = i.job_id
      group by w.host, j.provider
      order by w.host, j.provider
      on conflict (host, provider) do update
      set until_at = case when p.probe_execution_id = any (?::bigint[]) then excluded.until_at
                          else greatest(p.until_at, excluded.until_at) end,
          limits_met = p.limits_met + case when p.probe_execution_id = any (?::bigint[]) then 1 else 0 end,
          probe_job_id = case when p.probe_execution_id = any (?::bigint[]) then null else p.probe_job_id end,
          probe_execution_id = case when p.probe_execution_id = any (?::bigint[]) then null else p.probe_execution_id end,
          error = excluded.error
      """;

  private PauseProvider() {}

  /// @param moved the executions of the batch that were ended by it
  static void pause(Connection connection, List<FinishJobs.Ended> batch, Set<Long> moved)
      throws SQLException {
    List<FinishJobs.Ended> limited =
        batch.stream()
            .filter(ended -> ended.transition().errorClass() == ErrorClass.USAGE_LIMIT)
            .filter(ended -> moved.contains(ended.lease().executionId()))
            .toList();
    if (limited.isEmpty()) {
      return;
    }
    Object[] executions = limited.stream().map(ended -> ended.lease().executionId()).toArray();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "bigint", limited.stream().map(ended -> ended.lease().jobId()).toArray()));
      statement.setArray(2, connection.createArrayOf("bigint", executions));
      statement.setArray(
          3,
          connection.createArrayOf(
              "bigint", limited.stream().map(PauseProvider::delayMillis).toArray()));
      for (int i = 4; i <= 7; i++) {
        statement.setArray(i, connection.createArrayOf("bigint", executions));
      }
      statement.executeUpdate();
    }
  }

  private static long delayMillis(FinishJobs.Ended ended) {
    Duration delay = ended.transition().delay();
    return delay == null ? 0 : delay.toMillis();
  }
}
