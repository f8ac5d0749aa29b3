package dev.aidp.cli.command;

import dev.aidp.cli.session.Session;
import dev.aidp.db.queue.RetryJob;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp jobs retry`.
@Command(name = "retry", description = "Run failed or interrupted jobs again, from scratch.")
final class JobsRetryCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "The jobs")
  List<Long> ids = List.of();

  @Mixin final BudgetOptions budget = new BudgetOptions();

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  JobsRetryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new Requeueing(session, RetryJob.From.SCRATCH, budget.budget(), !noWorker, json)
        .run(ids);
  }
}
