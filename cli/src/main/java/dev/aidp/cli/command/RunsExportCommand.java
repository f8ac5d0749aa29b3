package dev.aidp.cli.command;

import dev.aidp.cli.run.RunIds;
import dev.aidp.cli.session.Directories;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.run.Run;
import dev.aidp.db.read.ReadRuns;
import dev.aidp.worker.artifacts.RunArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aidp runs export`.
@Command(
    name = "export",
    description = {
      "Write the artifacts of a run anew from the database.",
      "Prints the directory that they are in."
    })
final class RunsExportCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "R",
      description = "The run (the first 4 digits of its id will do)")
  String run = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where to; default: a directory with the run's id, here")
  @Nullable String directory;

  RunsExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Run found = RunIds.read(session, run);
    Path target = target(found);
    session
        .database()
        .call(connection -> {
          try {
            Files.createDirectories(target);
            if (found.singleJob()) {
              long jobId = ReadRuns.nodes(connection, found.id(), false).getFirst().jobId();
              new RunArtifacts(session.hostLabel()).export(connection, jobId, target);
            } else {
              RunArtifacts.exportRun(connection, found.id(), target);
            }
            return target;
          } catch (IOException e) {
            throw new AidpException(
                ErrorCategory.INTERNAL,
                "The artifacts can't be written to " + target + ": " + Directories.reason(e),
                "Name another directory: aidp runs export " + run + " DIR",
                e);
          }
        });
    session.console().out().println(target);
    return 0;
  }

  private Path target(Run found) {
    try {
      return session
          .directory()
          .resolve(directory == null ? found.id().toString() : directory)
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException e) {
      throw new AidpException(
          ErrorCategory.USAGE, "'" + directory + "' is no directory's name", null, e);
    }
  }
}
