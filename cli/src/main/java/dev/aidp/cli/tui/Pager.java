package dev.aidp.cli.tui;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.LogEntry;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadLogs;
import dev.aidp.db.read.ReadLogs.ExecutionRef;
import dev.aidp.worker.artifacts.LogLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Shows whole logs in the user's pager, which has the terminal meanwhile. For one thread.
public final class Pager {
  private static final int PAGE = 2_000;

  private final Connections connections;
  private final String command;

  /// @param command as the user's shell takes it, such as `$PAGER`
  public Pager(Connections connections, String command) {
    this.connections = connections;
    this.command = command;
  }

  /// Shows the log of one of a job's executions, in the form of logs.txt; blocks until the pager
  /// ends.
  ///
  /// @param attempt 0: the latest
  /// @return why it was not shown; empty: it was
  public String show(long jobId, int attempt) {
    try (Connection connection = connections.open("pager")) {
      List<Execution> executions = ReadJobs.executions(connection, jobId);
      if (executions.isEmpty()) {
        return "job " + jobId + " has not run yet";
      }
      Execution shown =
          executions.stream()
              .filter(execution -> execution.attempt() == attempt)
              .findFirst()
              .orElse(executions.getLast());
      Process pager =
          new ProcessBuilder("sh", "-c", command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      write(connection, new ExecutionRef(jobId, shown.id(), shown.attempt()), pager);
      int status = pager.waitFor();
      return status == 127 ? "there is no program '" + command + "'; set PAGER" : "";
    } catch (SQLException e) {
      return String.valueOf(connections.failure(e).getMessage());
    } catch (AidpException | IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static void write(Connection connection, ExecutionRef execution, Process pager)
      throws SQLException {
    try (Writer out = new BufferedWriter(pager.outputWriter(StandardCharsets.UTF_8))) {
      long last = 0;
      List<LogEntry> entries;
      do {
        entries = ReadLogs.after(connection, execution, last, PAGE);
        for (LogEntry entry : entries) {
          out.write(LogLine.of(entry));
          out.write('\n');
          last = entry.seq();
        }
      } while (!entries.isEmpty());
    } catch (IOException e) {
      // It was left before it had read all.
      return;
    }
  }
}
