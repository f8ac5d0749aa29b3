package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.JobJson;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.FindRuns;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadJobs.UuidRange;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/// `aidp jobs list`.
@Command(
    name = "list",
    description = {
      "List jobs, newest first.",
      "Piped: id, provider, status, duration and error, separated by tabs."
    })
final class JobsListCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--status",
      paramLabel = "S",
      description = "queued, running, completed, failed, interrupted or waiting")
  @Nullable JobStatus status;

  @Option(names = "--provider", paramLabel = "P", description = "Jobs of this provider")
  @Nullable String provider;

  @Option(names = "--run", paramLabel = "R", description = "Jobs of this run (a prefix will do)")
  @Nullable String run;

  @Option(names = "--limit", paramLabel = "N", description = "How many (default 30)")
  int limit = 30;

  @Option(names = "--before", paramLabel = "ID", description = "Jobs older than this one")
  @Nullable Long before;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  JobsListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new Usage("the value of --limit is out of range", "Give a number from 1");
    }
    ReadJobs.Filter filter =
        new ReadJobs.Filter(status, provider, run == null ? null : run(run), before, limit);
    List<Job> jobs = session.database().call(connection -> ReadJobs.list(connection, filter, json));
    if (json) {
      ArrayNode array = Json.array();
      jobs.forEach(job -> array.add(JobJson.job(job)));
      Json.print(session.console(), array);
    } else if (session.console().outIsTerminal()) {
      table(jobs).print();
    } else {
      lines(jobs).print();
    }
    return 0;
  }

  private UuidRange run(String prefix) {
    UuidRange range =
        UuidRange.ofPrefix(prefix)
            .orElseThrow(() ->
                new Usage(
                    "'" + prefix + "' is no run id",
                    "Give at least its first 4 hexadecimal digits"));
    List<UUID> found = session.database().call(connection -> FindRuns.within(connection, range, 5));
    if (found.isEmpty()) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND, "There is no run " + prefix, "See `aidp jobs list --json`");
    }
    if (found.size() > 1) {
      throw new Usage(
          "'" + prefix + "' is the beginning of several runs",
          "Give more of it: " + String.join(", ", found.stream().map(UUID::toString).toList()));
    }
    return new UuidRange(found.getFirst(), found.getFirst());
  }

  private Table lines(List<Job> jobs) {
    Console console = session.console();
    Table table = new Table(console);
    for (Job job : jobs) {
      table
          .row()
          .add(job.id())
          .add(job.provider())
          .add(job.status().word(), console.paint(job.status(), job.status().word()))
          .add(duration(job))
          .add(job.error());
    }
    return table;
  }

  private Table table(List<Job> jobs) {
    Console console = session.console();
    Table table = new Table(console, "ID", "PROVIDER", "STATUS", "DURATION", "NAME", "");
    for (Job job : jobs) {
      String shown = console.mark(job.status()) + " " + job.status().word();
      table
          .row()
          .add(job.id())
          .add(job.provider())
          .add(shown, console.paint(job.status(), shown))
          .add(duration(job))
          .add(shortened(job.name(), 40))
          .add(shortened(job.error() == null ? job.reason() : job.error(), 60));
    }
    return table;
  }

  private static @Nullable String duration(Job job) {
    return job.duration() == null ? null : Durations.format(job.duration());
  }

  private static @Nullable String shortened(@Nullable String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
