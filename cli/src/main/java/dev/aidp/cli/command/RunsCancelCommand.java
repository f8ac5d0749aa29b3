package dev.aidp.cli.command;

import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.RunJson;
import dev.aidp.cli.run.RunIds;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.run.Run;
import dev.aidp.db.queue.CancelJob;
import dev.aidp.db.queue.CancelRun;
import dev.aidp.db.queue.CancelRun.Cancelled;
import dev.aidp.db.read.ReadRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp runs cancel`.
@Command(
    name = "cancel",
    description = {
      "Stop a run.",
      "Waits up to 10 seconds for running nodes; exit code 8 if one still runs then."
    })
final class RunsCancelCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Session session;

  @Parameters(paramLabel = "R", description = "The run (the first 4 digits of its id will do)")
  String run = "";

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  RunsCancelCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Run found = RunIds.read(session, run);
    if (found.status().ended()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Run " + found.id() + " is " + found.status().word() + " already",
          null);
    }
    List<Long> jobs = new ArrayList<>();
    if (found.singleJob()) {
      session
          .database()
          .call(connection -> {
            jobs.add(ReadRuns.nodes(connection, found.id(), false).getFirst().jobId());
            return CancelJob.cancel(connection, jobs.getFirst());
          });
    } else {
      Cancelled cancelled =
          session.database().call(connection -> CancelRun.cancel(connection, found.id()));
      jobs.addAll(cancelled.interrupted());
      jobs.addAll(cancelled.asked());
    }
    if (!jobs.isEmpty()) {
      Operations.log(
          session, "cancel requested", jobs.getFirst(), Map.of("run", found.id().toString()));
    }
    Run after = await(found);
    JobFiles.follow(session, jobs.subList(0, Math.min(1, jobs.size())));
    return report(after);
  }

  private Run await(Run cancelled) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Run now =
          session
              .database()
              .patiently(connection -> ReadRuns.byId(connection, cancelled.id()))
              .orElse(cancelled);
      if (now.status().ended() || System.nanoTime() - deadline > 0) {
        return now;
      }
      Thread.sleep(PAUSE);
    }
  }

  private int report(Run after) {
    Console console = session.console();
    if (json) {
      Json.print(console, RunJson.run(after));
    } else {
      console.out().println(after.id() + "\t" + after.status().word());
    }
    if (!after.status().ended()) {
      console.warn("run " + after.id() + " still runs; it was asked to stop");
      return ErrorCategory.PENDING.exitCode();
    }
    return 0;
  }
}
