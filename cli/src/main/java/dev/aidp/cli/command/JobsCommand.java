package dev.aidp.cli.command;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `aidp jobs`: the live table on a terminal, else the list.
@Command(name = "jobs", description = "See and steer jobs.")
final class JobsCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  @Mixin ScreenOptions screen = new ScreenOptions();

  JobsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    if (!json && console.outIsTerminal() && console.inIsTerminal()) {
      return new LiveScreens(session).run(screen, false);
    }
    JobsListCommand list = new JobsListCommand(session);
    list.json = json;
    return list.call();
  }
}
