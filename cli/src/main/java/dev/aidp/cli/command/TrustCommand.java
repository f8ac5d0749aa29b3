package dev.aidp.cli.command;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.config.TrustedWorkspaces;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aidp trust`.
@Command(
    name = "trust",
    description = {
      "Trust this workspace's aidp.yml.",
      "Its database, env and providers count from then on, whatever they are changed to."
    })
final class TrustCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--remove", description = "Trust it no longer")
  boolean remove;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  TrustCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Path workspace = Configuration.nearest(session.directory());
    if (workspace == null) {
      throw new AidpException(
          ErrorCategory.NOT_FOUND,
          "There is no aidp.yml in " + session.directory() + " or above",
          "Go to the workspace that has one");
    }
    // What can't be read should not be trusted.
    session.configuration();
    TrustedWorkspaces trusted = new TrustedWorkspaces(session.directories().config());
    boolean changed = remove ? trusted.remove(workspace) : trusted.add(workspace);
    Console console = session.console();
    if (json) {
      Json.print(
          console, Json.object().put("workspace", workspace.toString()).put("trusted", !remove));
    } else {
      console.note(
          workspace.resolve(Configuration.WORKSPACE_FILE)
              + (remove ? " is not trusted" : " is trusted")
              + (changed ? "" : " already"));
    }
    return 0;
  }
}
