package dev.aidp.cli.tui;

import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.data.DatabaseJobs;
import dev.aidp.cli.tui.data.JobActions;
import dev.aidp.db.connect.Connections;
import java.time.Clock;
import org.jline.terminal.Terminal;

/// The live screens.
public final class JobsScreen {
  private JobsScreen() {}

  /// Shows them until the user leaves. Standard input and output are terminals. Blocks.
  ///
  /// @return the exit code: 0 after `q`, 130 after Ctrl-C
  /// @throws dev.aidp.core.error.AidpException when the database can't be reached at the start
  ///   (later it is waited for), or the terminal can't show a table; the terminal is then as before
  public static int run(
      Connections connections,
      JobActions actions,
      Catalog catalog,
      Outside outside,
      Options options) {
    try (DatabaseJobs source = DatabaseJobs.open(connections, catalog);
        TerminalSession session = TerminalSession.open()) {
      return new TableLoop(session, source, actions, outside, options, Clock.systemUTC()).run();
    }
  }

  /// As [#run], on a terminal that is open, and closed in the end.
  public static int on(
      Terminal terminal,
      Connections connections,
      JobActions actions,
      Catalog catalog,
      Outside outside,
      Options options) {
    try (DatabaseJobs source = DatabaseJobs.open(connections, catalog);
        TerminalSession session = TerminalSession.on(terminal)) {
      return new TableLoop(session, source, actions, outside, options, Clock.systemUTC()).run();
    }
  }
}
