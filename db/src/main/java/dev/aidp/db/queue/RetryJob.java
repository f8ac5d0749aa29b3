package dev.aidp.db.queue;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Gives an ended job a new execution: from scratch (retry), or from its saved session (resume).
/// Either grants a fresh budget of attempts and crashes. With a node that has fanned out, its items
/// that did not complete run again.
public final class RetryJob {
  private static final String LOOK =
      "select status, session_id, in_pipeline from aidp.jobs where id = ? for update";

  // Before the job itself, in the order of all locks; shared, so that none of them ends between
  // this look and our commit without seeing that the job waits for it.
  private static final String DEPENDENCIES =
      """
      select p.id, coalesce(p.node, p.name) as name, p.status, p.fan_out_id is not distinct from ? as item
      from aidp.jobs p
      where p.id = any (array(select depends_on_id from aidp.job_dependencies where job_id = ?))
      order by p.id
      for share
      """;

  private static final String REQUEUE =
      """
      with job as (
        update aidp.jobs
        set status = case when ? > 0 then 'waiting' else 'queued' end,
            reason = case when ? > 0 then 'needs ' || ? end,
            pending_dependencies = ?,
            attempt = 0, crash_count = 0, cancel_requested_at = null, wake_at = null, completed_at = null,
            error = null, error_class = null, exit_code = null,
            session_id = case when ? then session_id end
        where id = ?
        returning id, status, host, provider, priority
      ), lined_up as (
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select coalesce(host, ''), provider, priority, clock_timestamp(), id from job where status = 'queued'
      )
      select case when status = 'queued' then aidp.notify_ready(host, provider, priority)::text end from job
      """;

  private RetryJob() {}

  /// Where the new execution begins.
  public enum From {
    SCRATCH,
    SESSION
  }

  /// Commits.
  ///
  /// @throws AidpException NOT_FOUND if there is no such job, it has not failed or been
  ///   interrupted, has no session to resume, or needs a job that did not complete
  public static void retry(Connection connection, long jobId, From from) throws SQLException {
    Transaction.run(
        connection,
        transaction -> {
          List<Dependency> missing = missing(transaction, jobId);
          boolean inPipeline = requireEnded(transaction, jobId, from);
          List<Long> reopened = new ArrayList<>(List.of(jobId));
          for (Dependency dependency : missing) {
            if (dependency.item() && dependency.status().ended()) {
              reopened.add(dependency.id());
            } else if (dependency.status().ended()) {
              throw notAllowed(
                  "job %d needs %s, which is %s"
                      .formatted(jobId, dependency.name(), dependency.status().word()),
                  "aidp jobs retry " + dependency.id());
            }
          }
          if (inPipeline) {
            Set<ClaimKey> ready = ReopenJobs.reopen(transaction, reopened, from);
            NotifyReady.notifyReady(transaction, ready);
          } else {
            requeue(transaction, jobId, from, missing);
          }
          return jobId;
        });
  }

  /// @param item whether it does an item of the job itself
  private record Dependency(long id, String name, JobStatus status, boolean item) {}

  private static List<Dependency> missing(Connection connection, long jobId) throws SQLException {
    List<Dependency> missing = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(DEPENDENCIES)) {
      statement.setLong(1, jobId);
      statement.setLong(2, jobId);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          JobStatus status = JobStatus.ofWord(row.getString("status"));
          if (status != JobStatus.COMPLETED) {
            missing.add(
                new Dependency(
                    row.getLong("id"), row.getString("name"), status, row.getBoolean("item")));
          }
        }
      }
    }
    return missing;
  }

  /// @return whether it is a pipeline's node
  private static boolean requireEnded(Connection connection, long jobId, From from)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
      statement.setLong(1, jobId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw notAllowed("there is no job " + jobId, "aidp jobs list");
        }
        JobStatus status = JobStatus.ofWord(row.getString("status"));
        if (status != JobStatus.FAILED && status != JobStatus.INTERRUPTED) {
          throw notAllowed(
              "job %d is %s; only a failed or interrupted job can be %s"
                  .formatted(jobId, status.word(), from == From.SCRATCH ? "retried" : "resumed"),
              status == JobStatus.COMPLETED ? null : "aidp jobs wait " + jobId);
        }
        if (from == From.SESSION && row.getString("session_id") == null) {
          throw notAllowed(
              "job " + jobId + " has no saved session to resume", "aidp jobs retry " + jobId);
        }
        return row.getBoolean("in_pipeline");
      }
    }
  }

  private static void requeue(
      Connection connection, long jobId, From from, List<Dependency> missing) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REQUEUE)) {
      statement.setInt(1, missing.size());
      statement.setInt(2, missing.size());
      statement.setString(
          3, missing.stream().map(Dependency::name).collect(Collectors.joining(", ")));
      statement.setInt(4, missing.size());
      statement.setBoolean(5, from == From.SESSION);
      statement.setLong(6, jobId);
      statement.executeQuery().close();
    }
  }

  private static AidpException notAllowed(String message, @Nullable String remedy) {
    return new AidpException(ErrorCategory.NOT_FOUND, message, remedy);
  }
}
