package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `aidp` itself.
@Command(
    name = "aidp",
    description = "AI coding agents as background jobs in PostgreSQL.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class AidpCommand implements Callable<Integer> {
  private final Session session;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version")
  boolean version;

  @Mixin ScreenOptions screen = new ScreenOptions();

  AidpCommand(Session session) {
    this.session = session;
  }

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "Print without colours")
  void disableColor(boolean noColor) {
    if (noColor) {
      session.console().disableColor();
    }
  }

  @Override
  public Integer call() {
    if (session.console().outIsTerminal() && session.console().inIsTerminal()) {
      return new LiveScreens(session).run(screen, true);
    }
    spec.commandLine().usage(session.console().err());
    return ErrorCategory.USAGE.exitCode();
  }
}
