package dev.aidp.cli.command;

import dev.aidp.cli.job.Workspace;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.cli.workflow.WorkflowProgress;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.ListPauses;
import dev.aidp.db.read.ListPauses.Pause;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ListWorkers.Worker;
import dev.aidp.db.read.SumUsage;
import dev.aidp.db.read.SumUsage.Sum;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp status`.
@Command(name = "status", description = "Show the workflow, jobs and workers on one screen.")
final class StatusCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.of(session, null);
    Counts counts = session.database().call(CountJobs::byStatus);
    List<Worker> workers = session.database().call(ListWorkers::live);
    List<Pause> pauses = session.database().call(ListPauses::active);
    List<StepState> steps = WorkflowProgress.of(session, workspace, "execute").steps();
    Sum today = session.database().call(SumUsage::today);
    if (json) {
      print(counts, workers, pauses, steps, today);
    } else {
      screen(counts, workers, pauses, steps);
      if (today.executions() > 0) {
        session.console().out().println();
        session.console().out().println("Used today (UTC): " + UsageCommand.text(today));
      }
    }
    return 0;
  }

  private void print(
      Counts counts, List<Worker> workers, List<Pause> pauses, List<StepState> steps, Sum today) {
    ObjectNode node = Json.object();
    node.put("database", session.database().connections().address().display());
    ObjectNode jobs = node.putObject("jobs");
    for (JobStatus status : JobStatus.values()) {
      jobs.put(status.word(), counts.of(status).atLeast());
    }
    jobs.put("total", counts.total()).put("exact", counts.exact());
    node.set("workers", WorkersCommand.json(workers));
    node.set("paused", Pauses.json(pauses));
    node.set("usageToday", UsageCommand.json(today));
    ArrayNode workflow = node.putObject("workflows").putArray("execute");
    steps.forEach(step -> workflow.add(ExecuteCommand.json(step)));
    Json.print(session.console(), node);
  }

  private void screen(
      Counts counts, List<Worker> workers, List<Pause> pauses, List<StepState> steps) {
    Console console = session.console();
    List<StepState> begun = steps.stream().filter(StepState::begun).toList();
    console.out().println("Workflow execute:" + (begun.isEmpty() ? " not begun" : ""));
    if (!begun.isEmpty()) {
      ExecuteCommand.table(session, begun).print();
    }
    console.out().println();
    console.out().println("Jobs: " + counts.total() + (counts.exact() ? "" : " (about)"));
    for (JobStatus status : JobStatus.values()) {
      Count count = counts.of(status);
      if (count.atLeast() > 0) {
        String line = console.mark(status) + " " + status.word();
        console
            .out()
            .println(
                "  "
                    + console.paint(status, line)
                    + ": "
                    + count.atLeast()
                    + (count.exact() ? "" : "+"));
      }
    }
    console.out().println();
    if (!pauses.isEmpty()) {
      console.out().println("Paused: " + pauses.size());
      pauses.forEach(pause -> console.out().println("  " + Pauses.text(pause)));
      console.out().println();
    }
    console.out().println("Workers: " + workers.size());
    if (!workers.isEmpty()) {
      WorkersCommand.table(session, workers).print();
    }
  }
}
