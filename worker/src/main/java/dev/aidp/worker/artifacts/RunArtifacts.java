package dev.aidp.worker.artifacts;

import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.run.Run;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadLogs;
import dev.aidp.db.read.ReadRuns;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps `<workspace>/.pipeline-runs/<run-id>/` in step with the database.
///
/// Thread-safe, and safe beside other processes that do the same. No file stays open between calls.
/// Nothing here fails a job: what cannot be written is said once for each workspace.
public final class RunArtifacts {
  private static final int FIRST_PAGE = 50;
  private static final int MAX_PAGE = 5000;
  private static final long PAGE_CHARS = 4 << 20;

  private final String host;
  private final Set<Path> warned = ConcurrentHashMap.newKeySet();

  /// @param host this host's label: the workspaces of other hosts are not touched
  public RunArtifacts(String host) {
    this.host = host;
  }

  /// Whose lines are appended.
  ///
  /// @param workspace the directory that the job was queued with
  /// @param node null for a single job
  public record Target(Path workspace, UUID runId, long jobId, @Nullable String node) {

    /// @return empty for a job without a workspace: it leaves no artifacts
    public static Optional<Target> of(ClaimedJob job) {
      return directory(job.workspace())
          .map(workspace -> new Target(workspace, job.runId(), job.lease().jobId(), job.node()));
    }
  }

  /// What became of the files.
  public sealed interface Result {
    /// They hold what they were given, or there was nothing to do.
    record Written() implements Result {}

    /// They do not end where the given entries begin: [RunArtifacts#sync] brings them up.
    record OutOfStep() implements Result {}

    /// They cannot be written.
    ///
    /// @param warning one line for the user; null if it was said before
    record Unwritable(@Nullable String warning) implements Result {}
  }

  /// Brings the files up to the database. Reads the job itself, so that of two callers the later
  /// one never writes an older state.
  ///
  /// @param connection in auto-commit mode; only read from
  public Result sync(Connection connection, long jobId) throws SQLException {
    Optional<Job> found = ReadJobs.byIds(connection, List.of(jobId), false).stream().findFirst();
    Path workspace = found.flatMap(job -> directory(job.workspace())).orElse(null);
    if (found.isEmpty() || workspace == null || !isHere(found.get().host())) {
      return new Result.Written();
    }
    try (RunDirectory directory = RunDirectory.open(workspace, found.get().runId())) {
      bringUp(connection, jobId, directory);
      return new Result.Written();
    } catch (IOException e) {
      return unwritable(workspace, e);
    }
  }

  /// Brings the files of a pipeline's run up to the database: what any worker of any host has done
  /// for it.
  ///
  /// @param connection in auto-commit mode; only read from
  public Result syncRun(Connection connection, UUID runId) throws SQLException {
    Optional<Run> found = ReadRuns.byId(connection, runId);
    Path workspace = found.flatMap(run -> directory(run.workspace())).orElse(null);
    if (found.isEmpty() || workspace == null || !isHere(found.get().host())) {
      return new Result.Written();
    }
    try (RunDirectory directory = RunDirectory.open(workspace, runId)) {
      PipelineLines.bringUp(connection, runId, directory);
      return new Result.Written();
    } catch (IOException e) {
      return unwritable(workspace, e);
    }
  }

  /// Writes the artifacts of a run anew from the database.
  ///
  /// @param directory its parent exists
  public static void exportRun(Connection connection, UUID runId, Path directory)
      throws SQLException, IOException {
    try (RunDirectory files = RunDirectory.openAt(directory.toAbsolutePath().normalize())) {
      files.reset();
      PipelineLines.bringUp(connection, runId, files);
    }
  }

  /// Adds entries that were just committed, without a look at the database.
  ///
  /// @param entries of one execution, in `seq` order without a gap
  public Result append(Target target, List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return new Result.Written();
    }
    try (RunDirectory directory = RunDirectory.open(target.workspace(), target.runId())) {
      RunState.Position position = directory.state().positions().get(target.jobId());
      if (position == null) {
        return new Result.OutOfStep();
      }
      RunState.Position last = position;
      RunLines lines = new RunLines(target.node());
      for (LogEntry entry : entries) {
        if (last.covers(entry.attempt(), entry.seq())) {
          continue;
        }
        if (!last.precedes(entry.attempt(), entry.seq())) {
          return new Result.OutOfStep();
        }
        lines.entry(entry);
        last = new RunState.Position(entry.attempt(), entry.seq(), false);
      }
      if (!last.equals(position)) {
        directory.append(lines, target.jobId(), last);
      }
      return new Result.Written();
    } catch (IOException e) {
      return unwritable(target.workspace(), e);
    }
  }

  /// Writes the artifacts of a job anew from the database.
  ///
  /// @param directory its parent exists
  public void export(Connection connection, long jobId, Path directory)
      throws SQLException, IOException {
    try (RunDirectory files = RunDirectory.openAt(directory.toAbsolutePath().normalize())) {
      files.reset();
      bringUp(connection, jobId, files);
    }
  }

  private static void bringUp(Connection connection, long jobId, RunDirectory directory)
      throws SQLException, IOException {
    Job job = ReadJobs.byIds(connection, List.of(jobId), false).stream().findFirst().orElse(null);
    if (job == null) {
      return;
    }
    List<Execution> executions = ReadJobs.executions(connection, jobId);
    RunState.Position position = directory.state().positions().get(jobId);
    if (position == null || isBeyond(position, executions)) {
      directory.reset();
      RunLines lines = new RunLines(job.node());
      lines.start(job);
      position = RunState.Position.START;
      directory.append(lines, jobId, position);
    }
    for (Execution execution : executions) {
      position = addExecution(connection, job.node(), execution, position, directory);
    }
    directory.metadata(RunMetadata.of(job, directory.path()));
  }

  /// Nothing that this program wrote is beyond the database.
  private static boolean isBeyond(RunState.Position position, List<Execution> executions) {
    int latest = executions.isEmpty() ? 0 : executions.getLast().attempt();
    return position.attempt() > latest;
  }

  static RunState.Position addExecution(
      Connection connection,
      @Nullable String node,
      Execution execution,
      RunState.Position from,
      RunDirectory directory)
      throws SQLException, IOException {
    RunState.Position position = from;
    if (position.attempt() > execution.attempt()
        || (position.attempt() == execution.attempt() && position.ended())) {
      return position;
    }
    ReadLogs.ExecutionRef ref =
        new ReadLogs.ExecutionRef(execution.jobId(), execution.id(), execution.attempt());
    long seq = position.attempt() == execution.attempt() ? position.seq() : 0;
    int page = FIRST_PAGE;
    while (true) {
      List<LogEntry> entries = ReadLogs.after(connection, ref, seq, page);
      RunLines lines = new RunLines(node);
      entries.forEach(lines::entry);
      if (!entries.isEmpty()) {
        seq = entries.getLast().seq();
        position = new RunState.Position(execution.attempt(), seq, false);
      }
      boolean last = entries.size() < page;
      if (last && execution.status().ended()) {
        lines.end(execution);
        position = new RunState.Position(execution.attempt(), seq, true);
      }
      if (!lines.jsonl.isEmpty()) {
        directory.append(lines, execution.jobId(), position);
      }
      if (last) {
        return position;
      }
      page = nextPage(page, lines.jsonl.length());
    }
  }

  /// Lines may be a MiB each: as many as fit into memory comfortably.
  private static int nextPage(int page, int chars) {
    return Math.clamp(PAGE_CHARS * page / Math.max(1, chars), 4, MAX_PAGE);
  }

  private boolean isHere(@Nullable String label) {
    return label == null || label.equals(host);
  }

  private static Optional<Path> directory(@Nullable String workspace) {
    try {
      return workspace == null ? Optional.empty() : Optional.of(Path.of(workspace));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private Result.Unwritable unwritable(Path workspace, IOException e) {
    if (!warned.add(workspace)) {
      return new Result.Unwritable(null);
    }
    return new Result.Unwritable(
        SafeText.oneLine("no artifacts are written in " + workspace + ": " + reason(e)));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (e instanceof FileSystemException failed && failed.getReason() == null) {
      return failed.getClass().getSimpleName() + " " + failed.getFile();
    }
    return String.valueOf(e.getMessage());
  }
}
