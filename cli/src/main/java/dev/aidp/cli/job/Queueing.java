package dev.aidp.cli.job;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobSpec;
import dev.aidp.db.queue.EnqueueJobs;
import dev.aidp.db.queue.EnqueueJobs.Enqueued;
import dev.aidp.worker.worktree.JobWorktree;
import dev.aidp.worker.worktree.WorktreeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Queues a job, tells the user, sees to a worker, and waits if that is wanted.
public final class Queueing {
  private final Session session;
  private final QueueOptions options;
  private final Workspace workspace;

  /// Checks the options.
  public Queueing(Session session, QueueOptions options) {
    this.session = session;
    this.options = options;
    options.check();
    this.workspace = Workspace.of(session, options.workspace);
    if (options.worktree) {
      checkWorktree();
    }
    workspace
        .configuration()
        .ignoredKeys()
        .forEach(key ->
            session
                .console()
                .warn(
                    workspace.configuration().workspaceFile()
                        + ": '"
                        + key
                        + "' is ignored until you type `aidp trust`"));
  }

  private void checkWorktree() {
    try {
      JobWorktree.check(workspace.directory(), session.environment());
    } catch (WorktreeException e) {
      throw new AidpException(
          ErrorCategory.USAGE,
          "--worktree is not possible: " + e.getMessage(),
          "Commit something to a git repository there, or leave --worktree out",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AidpException(ErrorCategory.INTERNAL, "Interrupted while asking git", null, e);
    }
  }

  public Workspace workspace() {
    return workspace;
  }

  /// Queues one job and prints its id, or waits for it as `--wait` says.
  ///
  /// @return the exit code
  public int run(JobRequest request) throws InterruptedException {
    Enqueued enqueued = queue(request);
    Console console = session.console();
    if (options.wait) {
      console.note(Long.toString(enqueued.jobId()));
    } else if (options.json) {
      Json.print(
          console,
          Json.object().put("jobId", enqueued.jobId()).put("runId", enqueued.runId().toString()));
    } else {
      console.out().println(enqueued.jobId());
    }
    console.out().flush();
    BackgroundWorker.of(session, !options.noWorker).ensureFor(List.of(enqueued.jobId()));
    JobFiles.follow(session, List.of(enqueued.jobId()));
    if (options.wait) {
      return new Waiting(session, !options.noWorker).forOne(enqueued.jobId(), options.json);
    }
    if (!options.json) {
      console.note("Follow it: aidp jobs logs -f " + enqueued.jobId());
    }
    return 0;
  }

  /// Queues without printing an id or starting a worker.
  public Enqueued queue(JobRequest request) {
    return queue(request, List.of());
  }

  /// As [#queue], on condition that somebody agrees with some of what it needs.
  ///
  /// @param approvals what is waited for, for the reason
  public Enqueued queue(JobRequest request, List<String> approvals) {
    JobSpec spec = request.toSpec(session, options, workspace);
    Enqueued enqueued =
        session.database().call(connection -> EnqueueJobs.enqueue(connection, spec, approvals));
    if (enqueued.created()) {
      // The order of Map.of differs from one start to the next.
      Map<String, String> data = new LinkedHashMap<>();
      data.put("name", spec.name());
      data.put("provider", spec.work().provider());
      Operations.log(session, "queued", enqueued.jobId(), data);
    } else if (!enqueued.sameContent()) {
      session
          .console()
          .warn(
              "the key "
                  + spec.key()
                  + " belongs to job "
                  + enqueued.jobId()
                  + ", which asks for something else; nothing was queued");
    }
    return enqueued;
  }
}
