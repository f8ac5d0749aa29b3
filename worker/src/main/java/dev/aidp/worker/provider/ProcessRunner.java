package dev.aidp.worker.provider;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs child processes under supervision: nothing of their trees survives the call, a stop, or the
/// death of the worker.
public interface ProcessRunner {

  /// Starts the command, feeds and closes its stdin, drains its output, and waits until it has
  /// ended or was stopped.
  Exit run(Command command, Output output) throws InterruptedException;

  /// A command as it is run: no shell is involved.
  ///
  /// @param environment complete; the supervision marker is added
  /// @param stdin written as UTF-8; empty: end of file at once
  /// @param maxLineBytes longer lines are cut, with a note at their end
  record Command(
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      String stdin,
      int maxLineBytes) {
    public Command {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
    }
  }

  /// Takes lines as they come, without line end. Each stream has a thread of its own. Must not
  /// block.
  interface Output {
    /// Once, on any thread, at the start; the first lines may come earlier.
    default void started(Running running) {}

    void stdout(String line);

    void stderr(String line);

    /// After the last line of stdout, if that one had no line feed at its end.
    default void stdoutEndsInsideLine() {}
  }

  /// A process that was started. Thread-safe.
  interface Running {
    /// Ends all of it unless it has ended by itself by then: TERM, then KILL, as for a stop.
    /// Returns at once.
    void endAfter(Duration grace);
  }

  /// How it ended.
  sealed interface Exit {
    /// @param code its exit code; 128+n for death by signal n
    record Code(int code) implements Exit {}

    /// It was never started.
    ///
    /// @param reason for the user, one line
    record NotStarted(String reason) implements Exit {}
  }
}
