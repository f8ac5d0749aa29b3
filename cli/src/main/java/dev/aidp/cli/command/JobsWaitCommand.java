package dev.aidp.cli.command;

import dev.aidp.cli.job.Waiting;
import dev.aidp.cli.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp jobs wait`.
@Command(
    name = "wait",
    description = {
      "Wait until jobs have ended.",
      "Exit code 5 if one of them failed or was interrupted, 8 if one is still pending."
    })
final class JobsWaitCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The jobs")
  List<Long> ids = List.of();

  @Option(names = "--timeout", paramLabel = "D", description = "Wait no longer than this")
  @Nullable Duration timeout;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print the jobs as JSON at the end")
  boolean json;

  JobsWaitCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new Waiting(session, !noWorker).forAll(ids.stream().distinct().toList(), timeout, json);
  }
}
