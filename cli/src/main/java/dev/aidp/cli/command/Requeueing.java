package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Job;
import dev.aidp.db.queue.RaiseBudget;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.queue.RetryJob.From;
import dev.aidp.db.read.ReadJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What `retry` and `resume` share: each job by itself, so that one that is refused keeps no other
/// from running.
///
/// @param budget a new one; null: they keep theirs
record Requeueing(
    Session session, From from, @Nullable Budget budget, boolean mayStartWorker, boolean json) {

  int run(List<Long> ids) throws InterruptedException {
    int exitCode = 0;
    List<Long> queued = new ArrayList<>();
    for (long id : ids.stream().distinct().toList()) {
      try {
        session
            .database()
            .call(connection -> {
              if (budget != null) {
                RaiseBudget.of(connection, id, budget);
              }
              RetryJob.retry(connection, id, from);
              return id;
            });
        queued.add(id);
        Operations.log(session, from == From.SCRATCH ? "retried" : "resumed", id, Map.of());
      } catch (AidpException e) {
        exitCode = Failures.report(session.console(), e);
      }
    }
    if (!queued.isEmpty()) {
      print(queued);
      session.console().out().flush();
      BackgroundWorker.of(session, mayStartWorker).ensureFor(queued);
      JobFiles.follow(session, queued);
    }
    return exitCode;
  }

  private void print(List<Long> ids) {
    Console console = session.console();
    if (!json) {
      ids.forEach(id -> console.out().println((long) id));
      return;
    }
    ArrayNode array = Json.array();
    List<Job> jobs = session.database().call(connection -> ReadJobs.byIds(connection, ids, false));
    for (Job job : jobs.reversed()) {
      ObjectNode node = Json.object();
      node.put("jobId", job.id()).put("runId", job.runId().toString());
      array.add(node);
    }
    if (array.size() == 1) {
      Json.print(console, array.get(0));
    } else {
      Json.print(console, array);
    }
  }
}
