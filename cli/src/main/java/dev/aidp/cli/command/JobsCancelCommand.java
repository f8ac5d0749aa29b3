package dev.aidp.cli.command;

import dev.aidp.cli.job.JobFiles;
import dev.aidp.cli.job.Operations;
import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.queue.CancelJob;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.FollowJobs.Standing;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `aidp jobs cancel`.
@Command(
    name = "cancel",
    description = {
      "Stop jobs.",
      "Waits up to 10 seconds for running ones; exit code 8 if one still runs then."
    })
final class JobsCancelCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Session session;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The jobs")
  List<Long> ids = List.of();

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  JobsCancelCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    int exitCode = 0;
    Set<Long> asked = new LinkedHashSet<>();
    for (long id : ids.stream().distinct().toList()) {
      try {
        asked.addAll(cancel(id));
        Operations.log(session, "cancel requested", id, Map.of());
      } catch (AidpException e) {
        exitCode = Failures.report(session.console(), e);
      }
    }
    List<Standing> standings = await(List.copyOf(asked));
    JobFiles.follow(session, List.copyOf(asked));
    boolean pending = report(standings);
    return exitCode == 0 && pending ? ErrorCategory.PENDING.exitCode() : exitCode;
  }

  /// @return what may still run for a while: the job, and with a node that has fanned out its items
  private Set<Long> cancel(long id) {
    CancelJob.Cancelled cancelled =
        session
            .database()
            .call(connection -> CancelJob.cancel(connection, id))
            .orElseThrow(() -> Waiting.noSuchJob(id));
    if (!cancelled.stopped()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Job " + id + " is " + cancelled.status().word() + " already",
          null);
    }
    Set<Long> stopping = new LinkedHashSet<>(List.of(id));
    stopping.addAll(cancelled.asked());
    return stopping;
  }

  private List<Standing> await(List<Long> asked) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      List<Standing> standings =
          session.database().patiently(connection -> FollowJobs.standings(connection, asked));
      if (standings.stream().allMatch(standing -> standing.status().ended())
          || System.nanoTime() - deadline > 0) {
        return standings;
      }
      Thread.sleep(PAUSE);
    }
  }

  /// @return whether one of them has not ended
  private boolean report(List<Standing> standings) {
    Console console = session.console();
    boolean pending = false;
    ArrayNode array = Json.array();
    for (Standing standing : standings) {
      array.add(Json.object().put("jobId", standing.id()).put("status", standing.status().word()));
      if (!standing.status().ended()) {
        pending = true;
        console.warn("job " + standing.id() + " was asked to stop and is still running");
      } else if (!json) {
        console.note("Job " + standing.id() + " is " + standing.status().word());
      }
    }
    // Where all were refused, stderr says why, and there is nothing to print.
    if (json && !array.isEmpty()) {
      Json.print(console, array);
    }
    return pending;
  }
}
