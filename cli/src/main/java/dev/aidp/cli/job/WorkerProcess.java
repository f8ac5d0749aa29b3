package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.db.connect.DatabaseSettings;
import dev.aidp.db.operation.OperationLog;
import dev.aidp.worker.process.Detached;
import dev.aidp.worker.process.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts a worker as a process of its own that outlives the command.
final class WorkerProcess {
  private static final String MAIN = "dev.aidp.cli.Main";
  private static final long LOG_BYTES = 10 << 20;

  private final Session session;

  WorkerProcess(Session session) {
    this.session = session;
  }

  /// @param options those of `aidp worker`
  void start(List<String> options) throws InterruptedException {
    List<String> argv = java();
    argv.add(MAIN);
    argv.add("worker");
    argv.addAll(options);
    Path log = log();
    session.console().debug("starting " + String.join(" ", argv) + ", which logs to " + log);
    try {
      Detached.start(argv, environment(), session.directories().home(), log);
    } catch (StartFailure e) {
      throw new AidpException(
          ErrorCategory.INTERNAL,
          "A worker can't be started: " + e.getMessage(),
          "Start one by hand: aidp worker",
          e);
    }
  }

  /// The JVM of this program, as the launcher would start it.
  private static List<String> java() {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String arguments = System.getProperty("aidp.args");
    if (arguments != null) {
      argv.add("@" + arguments);
      return argv;
    }
    argv.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-cp",
            System.getProperty("java.class.path")));
    return argv;
  }

  /// Without what only holds where the command was typed.
  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(session.environment());
    environment.put("AIDP_HOME", session.directories().home().toString());
    if (session.database().settings() instanceof DatabaseSettings.External external) {
      environment.put("AIDP_DATABASE_URL", external.address().toUri());
    }
    Path log = OperationLog.of(session.environment(), session.directory()).file();
    if (log != null) {
      environment.put(OperationLog.VARIABLE, log.toString());
    }
    return environment;
  }

  private Path log() {
    Path log = session.directories().make("logs").resolve("worker.log");
    try {
      if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
        Files.move(log, log.resolveSibling("worker.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      session.console().debug("the old log of the worker stays: " + e);
    }
    return log;
  }
}
