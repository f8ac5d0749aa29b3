package dev.aidp.cli.command;

import dev.aidp.cli.job.PromptText;
import dev.aidp.cli.job.QueueOptions;
import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.pipeline.DryRun;
import dev.aidp.cli.pipeline.PipelineCatalog;
import dev.aidp.cli.pipeline.PipelineFile;
import dev.aidp.cli.run.LiveGraph;
import dev.aidp.cli.run.NodeLines;
import dev.aidp.cli.run.RunQueueing;
import dev.aidp.cli.run.RunWaiting;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.pipeline.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aidp run`.
@Command(
    name = "run",
    description = "Queue a run of a pipeline.",
    customSynopsis = "aidp run [OPTIONS] PIPELINE")
final class RunCommand implements Callable<Integer> {
  private final Session session;

  @Mixin QueueOptions options = new QueueOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT|-|@FILE",
      description = "What {{prompt}} stands for; - reads it from stdin, @FILE from a file")
  @Nullable String prompt;

  @Option(
      names = "--dry-run",
      description = "Print the nodes, their commands and prompts; queue nothing")
  boolean dryRun;

  @Option(
      names = "--watch",
      description = "Wait as --wait does; on a terminal, show the graph live")
  boolean watch;

  @Parameters(
      paramLabel = "PIPELINE",
      description = "Its file, a directory that holds one, or the name of one below the workspace")
  String pipeline = "";

  RunCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    options.check();
    RunQueueing queueing = new RunQueueing(session, options);
    PipelineFile file = locate(queueing.workspace());
    Pipeline chosen = file.require(session.console());
    String given = prompt == null ? null : new PromptText(session).read(prompt);
    if (dryRun) {
      print(new DryRun(chosen, given, queueing::providerOf));
      return 0;
    }
    if (given == null && chosen.usesPrompt()) {
      given = ask();
    }
    Console console = session.console();
    boolean live = watch && console.outIsTerminal() && !options.json();
    RunWaiting.View view = live ? liveGraph(console) : new NodeLines(console, options.json());
    return queueing.run(
        new RunQueueing.Request(chosen, file.file(), given), view, watch || options.waits());
  }

  /// Where the user is first, then where the nodes work.
  private PipelineFile locate(Path workspace) {
    try {
      return new PipelineCatalog(session.directory()).locate(pipeline);
    } catch (AidpException e) {
      if (e.category() != ErrorCategory.NOT_FOUND || workspace.equals(session.directory())) {
        throw e;
      }
      return new PipelineCatalog(workspace).locate(pipeline);
    }
  }

  private void print(DryRun plan) {
    if (options.json()) {
      Json.print(session.console(), plan.json());
    } else {
      plan.print(session.console());
    }
  }

  private LiveGraph liveGraph(Console console) {
    return new LiveGraph(console, size("COLUMNS", 80), size("LINES", 24));
  }

  private int size(String variable, int fallback) {
    try {
      return Integer.parseInt(session.environment().getOrDefault(variable, ""));
    } catch (NumberFormatException _) {
      return fallback;
    }
  }

  private String ask() {
    Console console = session.console();
    if (!console.inIsTerminal()) {
      throw new Usage(
          "the pipeline " + pipeline + " uses {{prompt}}, and none was given",
          "Give one: aidp run " + pipeline + " -p TEXT");
    }
    console.err().print("Prompt: ");
    console.err().flush();
    try {
      String line =
          new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
              .readLine();
      if (line == null || line.isBlank()) {
        throw new Usage("the prompt is empty", "Give one: aidp run " + pipeline + " -p TEXT");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
