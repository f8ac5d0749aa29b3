package dev.aidp.cli.command;

import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Database;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.Workflow;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.run.Run;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ListPauses.Pause;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ListWorkers.Worker;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadRuns;
import dev.aidp.db.read.SumUsage;
import dev.aidp.db.read.SumUsage.Sum;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp status`.
@Command(name = "status", description = "Show the workflows, runs, jobs and workers on one screen.")
final class StatusCommand implements Callable<Integer> {
  private static final int RUNNING_SHOWN = 10;
  private static final int RUNS_SHOWN = 5;

  private final Session session;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Whose workflows (default: those of this directory)")
  @Nullable String directory;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  StatusCommand(Session session) {
    this.session = session;
  }

  private record Snapshot(
      List<WorkflowProgress> workflows,
      List<Run> runs,
      Counts counts,
      List<Job> running,
      List<Pause> pauses,
      List<Worker> workers,
      Sum today) {}

  @Override
  public Integer call() {
    Workspace workspace = Workspace.of(session, directory);
    Database database = session.database();
    Snapshot snapshot =
        new Snapshot(
            Workflow.NAMES.stream()
                .map(name -> WorkflowProgress.of(session, workspace, name))
                .toList(),
            database.call(connection -> ReadRuns.latest(connection, RUNS_SHOWN, false)),
            database.call(CountJobs::byStatus),
            database.call(connection ->
                ReadJobs.list(
                    connection,
                    new ReadJobs.Filter(JobStatus.RUNNING, null, null, null, RUNNING_SHOWN),
                    false)),
            database.call(ListPauses::active),
            database.call(ListWorkers::live),
            database.call(SumUsage::today));
    if (json) {
      print(snapshot);
    } else {
      screen(snapshot);
      if (snapshot.today().executions() > 0) {
        session.console().out().println();
        session.console().out().println("Used today (UTC): " + UsageCommand.text(snapshot.today()));
      }
    }
    return 0;
  }

  private void print(Snapshot snapshot) {
    ObjectNode node = Json.object();
    node.put("database", session.database().connections().address().display());
    ObjectNode jobs = node.putObject("jobs");
    for (JobStatus status : JobStatus.values()) {
      jobs.put(status.word(), snapshot.counts().of(status).atLeast());
    }
    jobs.put("total", snapshot.counts().total()).put("exact", snapshot.counts().exact());
    node.set("workers", WorkersCommand.json(snapshot.workers()));
    node.set("paused", Pauses.json(snapshot.pauses()));
    node.set("usageToday", UsageCommand.json(snapshot.today()));
    ObjectNode workflows = node.putObject("workflows");
    for (WorkflowProgress progress : snapshot.workflows()) {
      ArrayNode steps = workflows.putArray(progress.name());
      progress.steps().forEach(step -> steps.add(StepTable.json(step)));
    }
    ArrayNode runs = node.putArray("runs");
    snapshot.runs().forEach(run -> runs.add(json(run)));
    Json.print(session.console(), node);
  }

  private static ObjectNode json(Run run) {
    Instant started = run.startedAt();
    Instant completed = run.completedAt();
    return Json.object()
        .put("id", run.id().toString())
        .put("pipeline", run.pipeline())
        .put("status", run.status().word())
        .put("reason", run.reason())
        .put("createdAt", Timestamps.format(run.createdAt()))
        .put("startedAt", started == null ? null : Timestamps.format(started))
        .put("completedAt", completed == null ? null : Timestamps.format(completed))
        .put("error", run.error());
  }

  private void screen(Snapshot snapshot) {
    StatusScreen screen = new StatusScreen(session.console(), Instant.now());
    screen.heading("Workflows");
    snapshot.workflows().forEach(screen::workflow);
    if (!snapshot.runs().isEmpty()) {
      screen.heading("Runs").runs(snapshot.runs());
    }
    Counts counts = snapshot.counts();
    screen
        .heading("Jobs: " + counts.total() + (counts.exact() ? "" : " (about)"))
        .counts(counts)
        .running(snapshot.running());
    if (!snapshot.pauses().isEmpty()) {
      screen.heading("Paused: " + snapshot.pauses().size()).pauses(snapshot.pauses());
    }
    screen.heading("Workers: " + snapshot.workers().size());
    screen.lines().forEach(session.console().out()::println);
    if (!snapshot.workers().isEmpty()) {
      WorkersCommand.table(session, snapshot.workers()).print();
    }
  }
}
