package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.tui.JobsScreen;
import dev.aidp.cli.tui.Options;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.FindOpenProviders;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aidp jobs`: the live table on a terminal, else the list.
@Command(name = "jobs", description = "See and steer jobs.")
final class JobsCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  JobsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    if (!json && console.outIsTerminal() && console.inIsTerminal()) {
      // Migrates if need be.
      session.database().id();
      Connections connections = session.database().connections();
      return JobsScreen.run(
          connections, new Options(console.color(), !console.utf8(), this::ensureWorker));
    }
    JobsListCommand list = new JobsListCommand(session);
    list.json = json;
    return list.call();
  }

  /// Called on a thread of the table, which leaves the session to it.
  private void ensureWorker() {
    try {
      BackgroundWorker.of(session, !noWorker)
          .ensure(
              session
                  .database()
                  .call(connection -> FindOpenProviders.on(connection, session.hostLabel())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
