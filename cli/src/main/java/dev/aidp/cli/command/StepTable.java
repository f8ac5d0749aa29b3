package dev.aidp.cli.command;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.workflow.Approval;
import dev.aidp.cli.workflow.StepState;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.ReadWorkflow;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Steps of a workflow, for people and for programs.
final class StepTable {
  private StepTable() {}

  static ObjectNode json(StepState state) {
    ReadWorkflow.Step latest = state.latest();
    ObjectNode node = Json.object();
    node.put("number", state.number());
    node.put("step", state.step().id());
    node.put("description", state.step().description());
    node.put("status", latest == null ? null : latest.status().word());
    node.put("reason", latest == null ? null : latest.reason());
    node.put("error", latest == null ? null : latest.error());
    Approval approval = state.approval();
    node.put("approval", approval == Approval.NONE ? null : approval.word());
    node.put("jobId", latest == null ? null : latest.jobId());
    Path template = state.step().templateFile();
    node.put("template", template == null ? null : template.toString());
    ArrayNode outputs = node.putArray("outputs");
    state.step().outputs().forEach(outputs::add);
    return node;
  }

  static Table of(Console console, List<StepState> steps) {
    Table table = new Table(console, "", "STEP", "STATUS", "JOB", "");
    for (StepState state : steps) {
      ReadWorkflow.Step latest = state.latest();
      Table.Row row = table.row().add(state.number()).add(state.step().id());
      if (latest == null) {
        row.add(null).add(null);
      } else {
        JobStatus status = latest.status();
        String word =
            console.outIsTerminal() ? console.mark(status) + " " + status.word() : status.word();
        row.add(word, console.paint(status, word)).add(latest.jobId());
      }
      boolean undone = latest != null && !state.done();
      row.add(undone ? state.detail() : String.join(" ", state.step().outputs()));
    }
    return table;
  }
}
