package dev.aidp.cli.command;

import dev.aidp.cli.job.BackgroundWorker;
import dev.aidp.cli.job.CommandRunner;
import dev.aidp.cli.job.PromptEditor;
import dev.aidp.cli.job.TableActions;
import dev.aidp.cli.job.WorkspaceCatalog;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Streams;
import dev.aidp.cli.session.Session;
import dev.aidp.cli.tui.JobsScreen;
import dev.aidp.cli.tui.Options;
import dev.aidp.cli.tui.Outside;
import dev.aidp.cli.tui.Pager;
import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.data.DatabaseJobs;
import dev.aidp.cli.tui.plain.PlainScreens;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.FindOpenProviders;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Opens the live screens on the terminal.
final class LiveScreens {
  private static final int INTERRUPTED = 130;

  private final Session session;

  LiveScreens(Session session) {
    this.session = session;
  }

  /// Blocks until the user leaves.
  ///
  /// @return the exit code
  int run(ScreenOptions options, boolean menu) {
    Console console = session.console();
    if (options.noWorker) {
      session.forbidWorkers();
    }
    // Migrates if need be.
    session.database().id();
    Connections connections = session.database().connections();
    CommandRunner commands = this::command;
    try (TableActions actions = new TableActions(session, commands);
        Session beside = session.beside(OutputStream.nullOutputStream())) {
      Catalog catalog = new WorkspaceCatalog(session.directory(), commands);
      Outside outside = outside(beside, connections);
      if (options.accessible) {
        return plainly(connections, actions, catalog, outside, menu);
      }
      return JobsScreen.run(
          connections,
          actions,
          catalog,
          outside,
          new Options(console.color(), options.ascii || !console.utf8(), options.notify, menu));
    }
  }

  private int plainly(
      Connections connections,
      TableActions actions,
      Catalog catalog,
      Outside outside,
      boolean menu) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(session.console().in(), StandardCharsets.UTF_8));
    try (DatabaseJobs source = DatabaseJobs.open(connections, catalog)) {
      return new PlainScreens(in, session.console().out(), source, actions, catalog, outside)
          .run(menu);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }

  private CommandRunner.Printed command(String stdin, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        Streams.piped(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)), out, err);
    Console console = new Console(streams, session.environment());
    int exitCode;
    try (Session own = new Session(console, session.environment(), session.directory())) {
      if (!session.mayStartWorkers()) {
        own.forbidWorkers();
      }
      exitCode = new CommandTree(own).run(arguments);
      console.out().flush();
    }
    return new CommandRunner.Printed(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Outside outside(Session beside, Connections connections) {
    String pager = session.environment().getOrDefault("PAGER", "");
    Pager pages = new Pager(connections, pager.isBlank() ? "less" : pager);
    PromptEditor editor = new PromptEditor(session);
    return new Outside() {
      @Override
      public void ensureWorker() {
        LiveScreens.ensureWorker(beside);
      }

      @Override
      public String page(long jobId, int attempt) {
        return pages.show(jobId, attempt);
      }

      @Override
      public String edit(String name) {
        return editor.edit(name);
      }
    };
  }

  private static void ensureWorker(Session beside) {
    try {
      BackgroundWorker.of(beside, true)
          .ensure(
              beside
                  .database()
                  .call(connection -> FindOpenProviders.on(connection, beside.hostLabel())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
