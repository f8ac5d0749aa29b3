package dev.aidp.cli.command;

import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadJobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp jobs result`.
@Command(
    name = "result",
    description = "Print what a job has left: an agent's answer, a command's stdout.")
final class JobsResultCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The job")
  long id;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  JobsResultCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Job job =
        session
            .database()
            .call(connection -> ReadJobs.byId(connection, id))
            .orElseThrow(() -> Waiting.noSuchJob(id));
    String result = job.result();
    if (result == null && job.status() != JobStatus.COMPLETED) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Job " + id + " is " + job.status().word() + " and has no result",
          job.status().ended()
              ? "See `aidp jobs logs " + id + "`"
              : "Type `aidp jobs wait " + id + "`");
    }
    if (json) {
      Json.print(
          session.console(),
          Json.object()
              .put("id", id)
              .put("status", job.status().word())
              .put("exitCode", job.exitCode())
              .put("result", result));
    } else if (result != null && !result.isEmpty()) {
      session.console().out().print(result.endsWith("\n") ? result : result + "\n");
    }
    return 0;
  }
}
