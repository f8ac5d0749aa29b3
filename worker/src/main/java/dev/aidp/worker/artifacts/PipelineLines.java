package dev.aidp.worker.artifacts;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.run.Run;
import dev.aidp.core.run.RunNode;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadRuns;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The files of a pipeline's run: its own entries and those of all its nodes.
///
/// A look costs a row for each attempt there is; only the logs of those that are not written yet
/// are read.
final class PipelineLines {
  /// Where the run's own entries stand among the positions; no job has this id.
  private static final long RUN = 0;

  private static final int PAGE = 500;

  private PipelineLines() {}

  static void bringUp(Connection connection, UUID runId, RunDirectory directory)
      throws SQLException, IOException {
    List<LogEntry> first = ReadRuns.logs(connection, runId, 0, 1);
    if (first.isEmpty()) {
      return;
    }
    if (directory.state().positions().get(RUN) == null) {
      directory.reset();
      append(directory, first);
    }
    // Before the nodes: what a run says at its end is then not written before they have ended.
    Run run = ReadRuns.byId(connection, runId).orElse(null);
    List<LogEntry> later = ReadRuns.logs(connection, runId, seq(directory), PAGE);
    List<RunNode> nodes = ReadRuns.nodes(connection, runId, false);
    addNodes(connection, runId, nodes, directory);
    while (!later.isEmpty()) {
      append(directory, later);
      later =
          later.size() < PAGE ? List.of() : ReadRuns.logs(connection, runId, seq(directory), PAGE);
    }
    if (run != null) {
      directory.metadata(RunMetadata.of(run, nodes, directory.path()));
    }
  }

  private static long seq(RunDirectory directory) {
    RunState.Position position = directory.state().positions().get(RUN);
    return position == null ? 0 : position.seq();
  }

  private static void append(RunDirectory directory, List<LogEntry> entries) throws IOException {
    RunLines lines = new RunLines(null);
    entries.forEach(lines::runEntry);
    directory.append(lines, RUN, new RunState.Position(0, entries.getLast().seq(), true));
  }

  private static void addNodes(
      Connection connection, UUID runId, List<RunNode> nodes, RunDirectory directory)
      throws SQLException, IOException {
    Map<Long, String> names = new HashMap<>();
    nodes.forEach(node -> names.put(node.jobId(), node.id()));
    for (ReadRuns.Attempt attempt : ReadRuns.attempts(connection, runId)) {
      RunState.Position position =
          directory.state().positions().getOrDefault(attempt.jobId(), RunState.Position.START);
      String node = names.get(attempt.jobId());
      boolean written =
          position.attempt() > attempt.attempt()
              || (position.attempt() == attempt.attempt() && position.ended());
      if (written || node == null) {
        continue;
      }
      for (Execution execution : ReadJobs.executions(connection, attempt.jobId())) {
        position = RunArtifacts.addExecution(connection, node, execution, position, directory);
      }
    }
  }
}
