package dev.aidp.cli.command;

import dev.aidp.cli.job.JobRequest;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Queueing;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.session.Session;
import dev.aidp.core.text.ShellWords;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `aidp exec`.
@Command(
    name = "exec",
    description = "Queue a command. Its words are kept as given; no shell is involved.",
    customSynopsis = "aidp exec [OPTIONS] -- COMMAND...")
final class ExecCommand implements Callable<Integer> {
  private final Session session;

  @Mixin QueueOptions options = new QueueOptions();

  @Parameters(
      paramLabel = "COMMAND...",
      hideParamSyntax = true,
      description = "The command and its arguments")
  List<String> argv = List.of();

  ExecCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    String provider = options.provider();
    if (provider != null && !provider.equals("shell")) {
      throw new Usage(
          "exec queues a command, which no provider but shell runs",
          "To ask an agent: aidp prompt --provider " + provider + " TEXT");
    }
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new Usage("there is no command to run", "Give one: aidp exec -- COMMAND");
    }
    JobRequest request = JobRequest.single("shell", ShellWords.join(argv), argv);
    return new Queueing(session, options).run(request);
  }
}
