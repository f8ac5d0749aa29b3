package dev.aidp.cli.command;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/// `aidp doctor`.
@Command(
    name = "doctor",
    description = "Say what is wrong, and what mends it. Exit code 1 if something is.")
final class DoctorCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  DoctorCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<Examination.Finding> findings = new Examination(session).run();
    Console console = session.console();
    ArrayNode array = Json.array();
    for (Examination.Finding finding : findings) {
      JobStatus mark = finding.ok() ? JobStatus.COMPLETED : JobStatus.FAILED;
      array.add(
          Json.object()
              .put("check", finding.check())
              .put("ok", finding.ok())
              .put("message", finding.message())
              .put("remedy", finding.remedy()));
      if (!json) {
        console
            .out()
            .println(
                console.paint(mark, console.mark(mark))
                    + " "
                    + finding.check()
                    + ": "
                    + finding.message());
        if (finding.remedy() != null) {
          console.out().println("    " + finding.remedy());
        }
      }
    }
    if (json) {
      Json.print(console, array);
    }
    return findings.stream().allMatch(Examination.Finding::ok)
        ? 0
        : ErrorCategory.INTERNAL.exitCode();
  }
}
