package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.LogLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Queues a new run with the definition and the prompt of another one, from the beginning.
public final class RerunRun {
  private static final String RUN =
      """
      insert into aidp.pipeline_runs (id, pipeline, pipeline_path, description, definition, prompt, workspace,
                                      workspace_identity, host, metadata, remaining)
      select ?, pipeline, pipeline_path, description, definition, prompt, workspace, workspace_identity, host, metadata,
             (select count(*) from aidp.jobs j where j.run_id = r.id and j.in_pipeline and j.fan_out_id is null)
      from aidp.pipeline_runs r where id = ?
      returning pipeline, description
      """;

  private static final String JOBS =
      """
      with needs as materialized (
        select d.job_id, count(*)::int as missing,
               array_to_string((array_agg(p.node order by p.id))[1:3], ', ')
                 || case when count(*) > 3 then ' and ' || count(*) - 3 || ' more' else '' end as names
        from aidp.jobs j
        join aidp.job_dependencies d on d.job_id = j.id
        join aidp.jobs p on p.id = d.depends_on_id and p.fan_out_id is null
        where j.run_id = ? and j.fan_out_id is null
        group by d.job_id
      )
      insert into aidp.jobs (run_id, node, name, provider, model, prompt, workspace, workspace_identity, host, priority, timeout,
                             max_attempts, max_crashes, rerun, options, metadata, in_pipeline,
                             pending_dependencies, status, reason)
      select ?, j.node, j.name, j.provider, j.model, j.prompt, j.workspace, j.workspace_identity, j.host, j.priority, j.timeout,
             j.max_attempts, j.max_crashes, j.rerun,
             (j.options - 'feedback') || jsonb_strip_nulls(jsonb_build_object('environment', ?::text)),
             j.metadata, true,
             coalesce(n.missing, 0), case when n.missing > 0 then 'waiting' else 'queued' end, 'needs ' || n.names
      from aidp.jobs j left join needs n on n.job_id = j.id
      where j.run_id = ? and j.in_pipeline and j.fan_out_id is null
      order by j.id
      """;

  private static final String NEEDS =
      """
      insert into aidp.job_dependencies (depends_on_id, job_id)
      select np.id, nc.id
      from aidp.jobs c
      join aidp.job_dependencies d on d.job_id = c.id
      join aidp.jobs p on p.id = d.depends_on_id and p.fan_out_id is null
      join aidp.jobs nc on nc.run_id = ? and nc.node = c.node
      join aidp.jobs np on np.run_id = ? and np.node = p.node
      where c.run_id = ? and c.fan_out_id is null
      """;

  private RerunRun() {}

  /// Commits, and wakes the workers.
  ///
  /// @param newId the id of the new run
  /// @param environmentId names the kept environment of the shell that asks for it; null: the
  ///   worker's own
  /// @throws AidpException NOT_FOUND if there is no such run of a pipeline
  public static void rerun(
      Connection connection, UUID runId, UUID newId, @Nullable String environmentId)
      throws SQLException {
    Transaction.run(
        connection,
        transaction -> {
          String pipeline;
          String description;
          try (PreparedStatement statement = transaction.prepareStatement(RUN)) {
            statement.setObject(1, newId);
            statement.setObject(2, runId);
            try (ResultSet row = statement.executeQuery()) {
              if (!row.next()) {
                throw new AidpException(
                    ErrorCategory.NOT_FOUND,
                    "there is no run " + runId + " of a pipeline",
                    "aidp runs list");
              }
              pipeline = row.getString("pipeline");
              description = row.getString("description");
            }
          }
          execute(transaction, JOBS, runId, newId, environmentId, runId);
          execute(transaction, NEEDS, newId, newId, runId);
          RunLog.add(
              transaction,
              newId,
              LogLevel.INFO,
              "Starting pipeline: " + pipeline,
              Collections.singletonMap("description", description));
          LineUpRun.lineUp(transaction, newId);
          return newId;
        });
  }

  private static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
