package dev.aidp.cli.job;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.read.FindDependents;
import dev.aidp.worker.artifacts.RunArtifacts;
import dev.aidp.worker.artifacts.RunArtifacts.Result;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
      for (long id : all) {
        Result result = session.database().call(connection -> artifacts.sync(connection, id));
        if (result instanceof Result.Unwritable(var warning) && warning != null) {
          console.warn(warning);
        }
      }
    } catch (AidpException e) {
      console.debug("the artifacts do not follow: " + e.getMessage());
    }
  }
}
