package dev.aidp.cli.tui;

import dev.aidp.cli.tui.data.DatabaseJobs;
import dev.aidp.cli.tui.data.JobActions;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import java.time.Clock;

/// The live table of jobs.
public final class JobsScreen {
  private JobsScreen() {}

  /// Shows the table until the user leaves it. Standard input and output are terminals. Blocks.
  ///
  /// @return the exit code: 0 after `q`, 130 after Ctrl-C
  /// @throws AidpException when the database can't be reached at the start (later it is waited
  ///   for), or the terminal can't show a table; the terminal is then as before
  public static int run(Connections connections, JobActions actions, Options options) {
    try (DatabaseJobs source = DatabaseJobs.open(connections);
        TerminalSession session = TerminalSession.open()) {
      return new TableLoop(session, source, actions, options, Clock.systemUTC()).run();
    }
  }
}
