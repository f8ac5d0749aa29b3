package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import picocli.CommandLine.Command;

/// `aidp execute`.
@Command(
    name = "execute",
    description = {
      "The steps from an idea to a product.",
      "Without a step: list them with their state."
    },
    customSynopsis = "aidp execute [OPTIONS] [next|STEP|all]")
final class ExecuteCommand extends WorkflowCommand {
  ExecuteCommand(Session session) {
    super(session, "execute");
  }
}
