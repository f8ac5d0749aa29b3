package dev.aidp.cli.command;

import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.JobJson;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.text.Durations;
import dev.aidp.core.text.SafeText;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.ReadJobs;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp jobs show`.
@Command(name = "show", description = "Show a job and its attempts.")
final class JobsShowCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The job")
  long id;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  JobsShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Job job =
        session
            .database()
            .call(connection -> ReadJobs.byId(connection, id))
            .orElseThrow(() -> Waiting.noSuchJob(id));
    List<Execution> executions =
        session.database().call(connection -> ReadJobs.executions(connection, id));
    if (json) {
      Json.print(session.console(), JobJson.job(job, executions));
    } else {
      print(job);
      print(executions);
    }
    return 0;
  }

  private void print(Job job) {
    Console console = session.console();
    String status = console.mark(job.status()) + " " + job.status().word();
    field("Job", job.id() + "  " + job.name());
    console.out().println(label("Status") + console.paint(job.status(), status));
    field("Reason", job.reason());
    field("Error", job.error());
    field("Error class", job.errorClass() == null ? null : job.errorClass().word());
    field("Exit code", job.exitCode());
    field("Provider", job.provider());
    field("Model", job.model());
    field("Priority", job.priority());
    field("Attempt", job.attempt() + " of " + job.maxAttempts());
    field("Crashes", job.crashCount() == 0 ? null : job.crashCount());
    field("Workspace", job.workspace());
    field("Host", job.host());
    field("Run", job.runId());
    field("Session", job.sessionId());
    field("Created", time(job.createdAt()));
    field("Started", time(job.startedAt()));
    field("Completed", time(job.completedAt()));
    field("Duration", job.duration() == null ? null : Durations.format(job.duration()));
    field("Tokens", tokens(job));
    field("Cost", cost(job));
    field("Artifacts", job.artifactsDirectory());
    field("Worktree", job.worktree());
    field("Progress", job.progress());
    console.out().println("Prompt:");
    SafeText.lines(job.prompt()).lines().forEach(line -> console.out().println("  " + line));
  }

  private void field(String name, @Nullable Object value) {
    if (value != null) {
      session.console().out().println(label(name) + SafeText.oneLine(value.toString()));
    }
  }

  private static String label(String name) {
    return (name + ":").concat(" ".repeat(13 - name.length()));
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  private static @Nullable String tokens(Job job) {
    return job.usage().inputTokens() + job.usage().outputTokens() == 0
        ? null
        : job.usage().inputTokens()
            + " in ("
            + job.usage().cachedTokens()
            + " cached), "
            + job.usage().outputTokens()
            + " out";
  }

  private static @Nullable String cost(Job job) {
    return job.costUsd() == null
        ? null
        : Budget.dollars(job.costUsd()) + (job.costEstimated() ? " (estimated)" : "");
  }

  private void print(List<Execution> executions) {
    if (executions.isEmpty()) {
      return;
    }
    Console console = session.console();
    console.out().println();
    Table table =
        new Table(console, "ATTEMPT", "STATUS", "STARTED", "DURATION", "WORKER", "HOST", "ERROR");
    for (Execution execution : executions) {
      String shown = console.mark(execution.status()) + " " + execution.status().word();
      table
          .row()
          .add(execution.attempt())
          .add(shown, console.paint(execution.status(), shown))
          .add(Timestamps.format(execution.startedAt()))
          .add(Durations.format(execution.duration()))
          .add(execution.workerId())
          .add(execution.host())
          .add(execution.error());
    }
    table.print();
  }
}
