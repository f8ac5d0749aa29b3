package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.TableActions;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.tui.JobsScreen;
import dev.aidp.cli.tui.Options;
import dev.aidp.cli.tui.Pager;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.FindOpenProviders;
import java.io.OutputStream;
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

  @Option(names = "--ascii", description = "Show nothing but ASCII")
  boolean ascii;

  JobsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    if (!json && console.outIsTerminal() && console.inIsTerminal()) {
      return table();
    }
    JobsListCommand list = new JobsListCommand(session);
    list.json = json;
    return list.call();
  }

  private int table() {
    Console console = session.console();
    if (noWorker) {
      session.forbidWorkers();
    }
    // Migrates if need be.
    session.database().id();
    Connections connections = session.database().connections();
    try (TableActions actions = new TableActions(session);
        Session beside = session.beside(OutputStream.nullOutputStream())) {
      Options options =
          new Options(
              console.color(),
              ascii || !console.utf8(),
              () -> ensureWorker(beside),
              new Pager(connections, pager())::show);
      return JobsScreen.run(connections, actions, options);
    }
  }

  private String pager() {
    String pager = session.environment().getOrDefault("PAGER", "");
    return pager.isBlank() ? "less" : pager;
  }

  /// Called on a thread of the table's.
  private void ensureWorker(Session beside) {
    try {
      BackgroundWorker.of(beside, !noWorker)
          .ensure(
              beside
                  .database()
                  .call(connection -> FindOpenProviders.on(connection, beside.hostLabel())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
