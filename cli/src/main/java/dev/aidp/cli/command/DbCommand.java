package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `aidp db`.
@Command(name = "db", description = "Look after the database.", synopsisSubcommandLabel = "COMMAND")
final class DbCommand implements Callable<Integer> {
  private final Session session;

  @Spec CommandSpec spec = CommandSpec.create();

  DbCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(session.console().err());
    return ErrorCategory.USAGE.exitCode();
  }
}
