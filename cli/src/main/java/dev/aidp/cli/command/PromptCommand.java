package dev.aidp.cli.command;

import dev.aidp.cli.job.JobRequest;
import dev.aidp.cli.job.PromptText;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Queueing;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `aidp prompt`.
@Command(
    name = "prompt",
    description = "Queue a prompt for an agent.",
    customSynopsis = "aidp prompt [OPTIONS] TEXT|-|@FILE")
final class PromptCommand implements Callable<Integer> {
  private final Session session;

  @Mixin QueueOptions options = new QueueOptions();

  @Parameters(
      paramLabel = "TEXT|-|@FILE",
      hideParamSyntax = true,
      description = "The prompt; - reads it from stdin, @FILE from a file")
  List<String> texts = List.of();

  PromptCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (texts.isEmpty()) {
      throw new Usage("there is no prompt", "Give one: aidp prompt TEXT");
    }
    if (texts.size() > 1) {
      throw new Usage("there is more than one prompt", "Put it in quotes: aidp prompt 'TEXT'");
    }
    options.check();
    String prompt = new PromptText(session).read(texts.getFirst());
    return new Queueing(session, options).run(JobRequest.single(null, prompt, List.of()));
  }
}
