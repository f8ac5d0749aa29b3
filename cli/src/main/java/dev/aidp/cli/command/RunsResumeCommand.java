package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.run.NodeLines;
import dev.aidp.cli.run.RunIds;
import dev.aidp.cli.run.RunWaiting;
import dev.aidp.cli.session.Session;
import dev.aidp.core.run.Run;
import dev.aidp.db.queue.ResumeRun;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadRuns;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `aidp runs resume`.
@Command(
    name = "resume",
    description = {
      "Let a failed or interrupted run go on.",
      "What completed keeps its output; agents go on in their sessions."
    })
final class RunsResumeCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "R", description = "The run (the first 4 digits of its id will do)")
  String run = "";

  @Option(names = "--wait", description = "Wait until it has ended")
  boolean wait;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  RunsResumeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Run found = RunIds.read(session, run);
    List<Long> jobIds = found.singleJob() ? resumeJob(found) : resume(found);
    jobIds.stream()
        .limit(1)
        .forEach(
            id -> Operations.log(session, "resumed", id, Map.of("run", found.id().toString())));
    Console console = session.console();
    if (wait) {
      console.note(found.id().toString());
    } else if (json) {
      ArrayNode ids = Json.array();
      jobIds.forEach(id -> ids.add((long) id));
      Json.print(console, Json.object().put("runId", found.id().toString()).set("jobIds", ids));
    } else {
      console.out().println(found.id());
    }
    console.out().flush();
    BackgroundWorker.of(session, !noWorker).ensureFor(jobIds);
    JobFiles.follow(session, jobIds.subList(0, Math.min(1, jobIds.size())));
    return wait
        ? new RunWaiting(session, !noWorker).await(found.id(), new NodeLines(console, json), json)
        : 0;
  }

  private List<Long> resume(Run found) {
    return session.database().call(connection -> ResumeRun.resume(connection, found.id()));
  }

  /// A single job goes on in its session if it has one, and from the beginning if it is a command.
  private List<Long> resumeJob(Run found) {
    return session
        .database()
        .call(connection -> {
          long id = ReadRuns.nodes(connection, found.id(), false).getFirst().jobId();
          boolean session =
              ReadJobs.byId(connection, id).map(job -> job.sessionId() != null).orElse(false);
          RetryJob.retry(connection, id, session ? RetryJob.From.SESSION : RetryJob.From.SCRATCH);
          return List.of(id);
        });
  }
}
