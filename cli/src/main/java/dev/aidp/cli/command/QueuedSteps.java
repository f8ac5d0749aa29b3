package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.read.ReadJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;

/// What is left to do once steps are queued: the ids, a worker, and the waiting, in whose way an
/// approval may stand.
record QueuedSteps(Session session, QueueOptions options, Workspace workspace, String workflow) {

  /// @param all whether the whole workflow was wanted
  /// @return the exit code
  int finish(List<Long> ids, boolean all) throws InterruptedException {
    Console console = session.console();
    if (options.waits()) {
      ids.forEach(id -> console.note(Long.toString(id)));
    } else if (options.json()) {
      print(ids);
    } else {
      ids.forEach(id -> console.out().println((long) id));
    }
    console.out().flush();
    BackgroundWorker.of(session, !options.noWorker()).ensureFor(ids);
    JobFiles.follow(session, ids);
    if (options.waits()) {
      return await(ids, all);
    }
    if (!options.json()) {
      console.note("Follow it: aidp jobs logs -f " + ids.getFirst());
    }
    return 0;
  }

  private int await(List<Long> ids, boolean all) throws InterruptedException {
    Waiting waiting = new Waiting(session, !options.noWorker());
    if (ids.size() == 1) {
      Optional<StepState> barred = barrierBefore(waiting, ids.getFirst());
      if (barred.isPresent()) {
        return pending(barred.get());
      }
    }
    int exitCode =
        ids.size() == 1
            ? waiting.forOne(ids.getFirst(), options.json())
            : waiting.forAll(ids, null, options.json());
    Optional<StepState> asked = exitCode == 0 ? read().asked() : Optional.empty();
    if (asked.isEmpty()) {
      return exitCode;
    }
    if (all) {
      return pending(asked.get());
    }
    session.console().note("Approve it: " + asked.get().approveCommand());
    return exitCode;
  }

  /// The earlier step without whose approval the job will not start, once that step has completed.
  private Optional<StepState> barrierBefore(Waiting waiting, long jobId)
      throws InterruptedException {
    WorkflowProgress progress = read();
    List<Long> before = new ArrayList<>();
    for (StepState state : progress.steps()) {
      if (state.lastJobId() == jobId) {
        break;
      }
      if (state.active() && state.step().approval()) {
        before.add(state.lastJobId());
      }
    }
    if (before.isEmpty()) {
      return Optional.empty();
    }
    waiting.untilEnded(before);
    return read().asked().filter(state -> before.contains(state.lastJobId()));
  }

  private WorkflowProgress read() {
    return WorkflowProgress.of(session, workspace, workflow);
  }

  private int pending(StepState state) {
    session.console().warn("the approval of %s stands in the way".formatted(state.step().id()));
    session
        .console()
        .note(
            "  Read %s, then type `%s`"
                .formatted(String.join(", ", state.step().outputs()), state.approveCommand()));
    return ErrorCategory.PENDING.exitCode();
  }

  private void print(List<Long> ids) {
    if (ids.size() > 1) {
      ArrayNode array = Json.array();
      ids.forEach(id -> array.add((long) id));
      Json.print(session.console(), Json.object().set("jobIds", array));
      return;
    }
    long id = ids.getFirst();
    String run =
        session
            .database()
            .call(connection -> ReadJobs.byId(connection, id))
            .map(job -> job.runId().toString())
            .orElse(null);
    Json.print(
        session.console(),
        Json.object().put("jobId", id).put("runId", Objects.requireNonNull(run, "run")));
  }
}
