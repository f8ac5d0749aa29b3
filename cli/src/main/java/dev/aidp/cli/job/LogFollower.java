package dev.aidp.cli.job;

import dev.aidp.cli.session.Database;
import dev.aidp.core.job.LogEntry;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.FollowJobs.Attempt;
import dev.aidp.db.read.ReadLogs;
import java.util.List;
import java.util.function.Consumer;

/// Reads the logs of one job's attempts, one after another, each entry once, in the order of `seq`.
public final class LogFollower {
  /// Small, for an entry may be 1 MiB.
  private static final int PAGE = 64;

  private final Database database;
  private final long jobId;
  private final boolean oneAttempt;
  private int attempt;
  private long seq;

  /// @param firstAttempt where to begin
  /// @param oneAttempt whether to end there too
  public LogFollower(Database database, long jobId, int firstAttempt, boolean oneAttempt) {
    this.database = database;
    this.jobId = jobId;
    this.attempt = firstAttempt;
    this.oneAttempt = oneAttempt;
  }

  /// Hands over what has come since the last call.
  ///
  /// @return whether the attempt that it stands at was running before it was read to its end
  public boolean drain(Consumer<LogEntry> sink) throws InterruptedException {
    List<Attempt> attempts =
        database.patiently(connection -> FollowJobs.attempts(connection, jobId, attempt));
    boolean running = false;
    for (Attempt one : attempts) {
      if (one.execution().attempt() != attempt) {
        if (oneAttempt) {
          break;
        }
        attempt = one.execution().attempt();
        seq = 0;
      }
      readToEnd(one.execution(), sink);
      running = !one.status().ended();
    }
    return running;
  }

  private void readToEnd(ReadLogs.ExecutionRef execution, Consumer<LogEntry> sink)
      throws InterruptedException {
    List<LogEntry> page;
    do {
      page = database.patiently(connection -> ReadLogs.after(connection, execution, seq, PAGE));
      for (LogEntry entry : page) {
        sink.accept(entry);
        seq = entry.seq();
      }
    } while (page.size() == PAGE);
  }
}
