package dev.aidp.cli.tui.data;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.read.FindLogs.Matching;
import dev.aidp.db.read.ReadJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads one job with a part of its log, and looks through the log for what is wanted. For one
/// thread.
final class JobReader {
  private static final Duration TURN = Duration.ofMillis(80);

  private final TailReader logs = new TailReader();
  private final LogLook tools = new LogLook();
  private final LogLook errors = new LogLook();
  private final LogLook search = new LogLook();

  Snapshot.Detail read(Connection open, Want.Job want) throws SQLException {
    Optional<Job> job = ReadJobs.byId(open, want.id());
    List<Execution> executions = ReadJobs.executions(open, want.id());
    if (executions.isEmpty()) {
      logs.forget();
      return Snapshot.Detail.of(job, executions, LogWindow.NONE);
    }
    Execution read =
        executions.stream()
            .filter(execution -> execution.attempt() == want.attempt())
            .findFirst()
            .orElse(executions.getLast());
    // Their number is shown anyway, but is worth a turn only where they are.
    LogHits calls =
        tools.go(open, read.id(), new Matching.Calls(), want.tools() ? TURN : Duration.ZERO);
    LogHits failures =
        want.errors()
            ? errors.go(open, read.id(), new Matching.Level(LogLevel.ERROR), TURN)
            : LogHits.NONE;
    LogHits found =
        want.search().isEmpty()
            ? LogHits.NONE
            : search.go(open, read.id(), new Matching.Text(want.search()), TURN);
    LogWindow window =
        want.tools()
            ? logs.readTools(open, read, want.logs(), calls)
            : logs.read(open, read, want.logs());
    boolean complete =
        failures.complete() && found.complete() && (calls.complete() || !want.tools());
    return new Snapshot.Detail(job, executions, window, calls, failures, found, complete);
  }

  /// After a failure: what was read last may not be what is there.
  void forget() {
    logs.forget();
  }
}
