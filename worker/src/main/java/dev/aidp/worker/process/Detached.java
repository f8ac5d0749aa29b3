package dev.aidp.worker.process;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts what is to outlive its caller: a background worker, a database server. Even when the
/// caller is part of a job, what is started so belongs to no execution.
public final class Detached {
  private Detached() {}

  /// Starts a process that is no descendant of this one, leads a session of its own, carries no
  /// execution marker, reads `/dev/null` and appends what it writes to the log file. Returns once
  /// it was launched; what becomes of it shows in its log.
  ///
  /// @param environment its complete environment; the marker is removed from it
  /// @param directory its working directory, absolute
  /// @param logFile made if it is missing; its directory exists
  /// @throws StartFailure if it was not started
  public static void start(
      List<String> argv, Map<String, String> environment, Path directory, Path logFile)
      throws StartFailure, InterruptedException {
    start(argv, environment, directory, logFile, OwnSession.ofThisHost());
  }

  static void start(
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      Path logFile,
      OwnSession session)
      throws StartFailure, InterruptedException {
    ExecutableSearch.find(argv.getFirst(), environment, directory);
    Launch.checkEncodable(argv, environment);
    Map<String, String> unmarked = new HashMap<>(environment);
    unmarked.remove(ExecutionMarker.VARIABLE);
    ProcessBuilder builder =
        Launch.builder(session.daemon(argv), unmarked, directory, session)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.appendTo(logFile.toFile()))
            .redirectErrorStream(true);
    int exitCode = Launch.start(builder).waitFor();
    if (exitCode != 0) {
      throw new StartFailure(
          StartFailure.Kind.REFUSED_BY_SYSTEM,
          "The launcher of " + argv.getFirst() + " ended with exit code " + exitCode);
    }
  }
}
