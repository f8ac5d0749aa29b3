package dev.aidp.cli.command;

import dev.aidp.cli.job.LogFollower;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.JobJson;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.FollowJobs.Attempt;
import dev.aidp.db.read.FollowJobs.Standing;
import dev.aidp.worker.artifacts.LogLine;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp jobs logs`.
@Command(name = "logs", description = "Print the log of a job's latest attempt.")
final class JobsLogsCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The job")
  long id;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job has ended")
  boolean follow;

  @Option(names = "--attempt", paramLabel = "N", description = "The log of this attempt")
  @Nullable Integer attempt;

  @Option(
      names = "--level",
      paramLabel = "L",
      description = "Entries of this weight and above: debug, info, warn or error")
  LogLevel level = LogLevel.DEBUG;

  @Option(names = "--json", description = "Print JSON, one object a line")
  boolean json;

  JobsLogsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (attempt != null && attempt < 1) {
      throw new Usage("the value of --attempt is out of range", "Give a number from 1");
    }
    Standing job =
        session
            .database()
            .call(connection -> FollowJobs.standings(connection, List.of(id)))
            .stream()
            .findFirst()
            .orElseThrow(() -> Waiting.noSuchJob(id));
    List<Attempt> attempts =
        session.database().call(connection -> FollowJobs.attempts(connection, id, 1));
    int first = first(attempts);
    LogFollower follower =
        new LogFollower(session.database(), id, first, attempt != null || !follow);
    if (follow) {
      new Waiting(session, true).follow(follower, id, attempt != null, sink());
    } else if (attempts.isEmpty()) {
      session
          .console()
          .note(
              "Job "
                  + id
                  + " is "
                  + job.status().word()
                  + " and has not run yet"
                  + (job.reason() == null ? "" : ": " + job.reason()));
    } else {
      boolean[] said = {false};
      Consumer<LogEntry> sink = sink();
      follower.drain(entry -> {
        said[0] = true;
        sink.accept(entry);
      });
      if (!said[0]) {
        session
            .console()
            .note("Job " + id + " is " + job.status().word() + " and has said nothing");
      }
    }
    return 0;
  }

  private int first(List<Attempt> attempts) {
    int latest = attempts.isEmpty() ? 0 : attempts.getLast().execution().attempt();
    if (attempt == null) {
      return Math.max(1, latest);
    }
    if (attempt > latest) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "Job " + id + " has no attempt " + attempt,
          latest == 0
              ? "It has not run yet; see `aidp jobs show " + id + "`"
              : "Its latest is " + latest);
    }
    return attempt;
  }

  private Consumer<LogEntry> sink() {
    Console console = session.console();
    return entry -> {
      if (entry.level().compareTo(level) < 0) {
        return;
      }
      if (json) {
        Json.printLine(console, JobJson.logEntry(entry));
      } else {
        console.out().println(LogLine.of(entry));
      }
    };
  }
}
