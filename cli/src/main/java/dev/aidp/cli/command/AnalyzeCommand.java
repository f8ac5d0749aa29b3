package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import picocli.CommandLine.Command;

/// `aidp analyze`.
@Command(
    name = "analyze",
    description = {
      "The steps that find out what a repository is, and what to do about it.",
      "Without a step: list them with their state."
    },
    customSynopsis = "aidp analyze [OPTIONS] [next|STEP|all]")
final class AnalyzeCommand extends WorkflowCommand {
  AnalyzeCommand(Session session) {
    super(session, "analyze");
  }
}
