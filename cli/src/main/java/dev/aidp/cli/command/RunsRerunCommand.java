package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.KeptEnvironment;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.run.NodeLines;
import dev.aidp.cli.run.RunIds;
import dev.aidp.cli.run.RunWaiting;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.db.queue.RerunRun;
import dev.aidp.db.read.ReadRuns;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `aidp runs rerun`.
@Command(
    name = "rerun",
    description = "Queue a new run with the definition and the prompt of another one.")
final class RunsRerunCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "R", description = "The run (the first 4 digits of its id will do)")
  String run = "";

  @Option(names = "--wait", description = "Wait until it has ended")
  boolean wait;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  RunsRerunCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Run old = RunIds.read(session, run);
    UUID again = UUID.randomUUID();
    if (old.singleJob()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "run " + old.id() + " is a single job's, which has no pipeline to run again",
          "Queue the job anew with `aidp prompt` or `aidp exec`");
    }
    String environment = KeptEnvironment.keep(session, session.configuration().settings());
    List<Long> jobIds =
        session
            .database()
            .call(connection -> {
              RerunRun.rerun(connection, old.id(), again, environment);
              return ReadRuns.nodes(connection, again, false).stream().map(RunNode::jobId).toList();
            });
    Operations.log(session, "queued", jobIds.getFirst(), Map.of("run", again.toString()));
    Console console = session.console();
    if (wait) {
      console.note(again.toString());
    } else if (json) {
      ArrayNode ids = Json.array();
      jobIds.forEach(id -> ids.add((long) id));
      Json.print(console, Json.object().put("runId", again.toString()).set("jobIds", ids));
    } else {
      console.out().println(again);
    }
    console.out().flush();
    BackgroundWorker.of(session, !noWorker).ensureFor(jobIds);
    JobFiles.follow(session, jobIds.subList(0, 1));
    return wait
        ? new RunWaiting(session, !noWorker).await(again, new NodeLines(console, json), json)
        : 0;
  }
}
