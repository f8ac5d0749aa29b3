package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `aidp runs`: as `runs list`.
@Command(name = "runs", description = "See and steer runs of pipelines.")
final class RunsCommand implements Callable<Integer> {
  private final Session session;

  RunsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return new RunsListCommand(session).call();
  }
}
