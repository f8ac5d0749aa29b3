package dev.aidp.cli.job;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.read.FindDependents;
import dev.aidp.db.read.FindPipelineRuns;
import dev.aidp.worker.artifacts.RunArtifacts;
import dev.aidp.worker.artifacts.RunArtifacts.Result;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Lets the artifacts follow what a command did: a job that waits, or that was cancelled, has no
/// worker that would do it.
public final class JobFiles {
  private JobFiles() {}

  /// Brings up those of the jobs and of all that need them. Warns, and never fails the command.
  public static void follow(Session session, List<Long> jobIds) {
    if (jobIds.isEmpty()) {
      return;
    }
    Console console = session.console();
    RunArtifacts artifacts = new RunArtifacts(session.hostLabel());
    try {
      Set<Long> all = new LinkedHashSet<>(jobIds);
      all.addAll(session.database().call(connection -> FindDependents.of(connection, jobIds)));
      Map<Long, UUID> nodes =
          session.database().call(connection -> FindPipelineRuns.of(connection, all));
      all.removeAll(nodes.keySet());
      for (long id : all) {
        warn(console, session.database().call(connection -> artifacts.sync(connection, id)));
      }
      for (UUID runId : Set.copyOf(nodes.values())) {
        warn(console, session.database().call(connection -> artifacts.syncRun(connection, runId)));
      }
    } catch (AidpException e) {
      console.debug("the artifacts do not follow: " + e.getMessage());
    }
  }

  private static void warn(Console console, Result result) {
    if (result instanceof Result.Unwritable(var warning) && warning != null) {
      console.warn(warning);
    }
  }
}
