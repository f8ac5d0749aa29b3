package dev.aidp.worker.engine;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.RecordWorktree;
import dev.aidp.worker.worktree.JobWorktree;
import dev.aidp.worker.worktree.WorktreeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gives a job that asks for one its git worktree, and takes it away when it was not used.
final class WorktreeKeeper {
  private final WorkerContext worker;

  WorktreeKeeper(WorkerContext worker) {
    this.worker = worker;
  }

  /// Where the job works.
  Workspaces.Resolved enter(RunningExecution execution) throws InterruptedException {
    ClaimedJob job = execution.job();
    Workspaces.Resolved workspace = worker.workspaces().resolve(job);
    if (job.options().isolation() != JobSpec.Isolation.WORKTREE || workspace.error() != null) {
      return workspace;
    }
    try {
      JobWorktree worktree = worktreeOf(job);
      worktree.prepare();
      record(job, worktree.directory().toString());
      execution.log().log(
          LogLevel.INFO,
          LogCategory.SYSTEM,
          "works in a worktree of its own",
          Map.of("worktree", worktree.directory().toString(), "branch", worktree.branch()));
      return new Workspaces.Resolved(worktree.place(), null);
    } catch (WorktreeException e) {
      return new Workspaces.Resolved(workspace.directory(), e.getMessage());
    }
  }

  /// After the job's last process has ended: what holds no changes is removed. What can't be looked
  /// into is kept.
  void leave(ClaimedJob job) throws InterruptedException {
    if (job.options().isolation() != JobSpec.Isolation.WORKTREE) {
      return;
    }
    try {
      if (!worktreeOf(job).releaseIfUnchanged()) {
        record(job, null);
      }
    } catch (WorktreeException e) {
      worker.report("the worktree of job " + job.lease().jobId() + " is kept", e);
    }
  }

  private static JobWorktree worktreeOf(ClaimedJob job)
      throws WorktreeException, InterruptedException {
    Path workspace = Path.of(Objects.requireNonNull(job.workspace(), "a worktree of a workspace"));
    return JobWorktree.of(workspace, job.lease().jobId(), job.runId(), System.getenv());
  }

  private void record(ClaimedJob job, @Nullable String path) throws InterruptedException {
    try (DatabaseLoop database = worker.borrowConnection()) {
      database.repeat(
          (Connection connection) -> RecordWorktree.record(connection, job.lease(), path));
    } catch (SQLException | DatabaseLoop.Unreachable e) {
      worker.reportDatabase("recording a worktree", e);
    }
  }
}
