package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.pipeline.Node;
import dev.aidp.core.pipeline.PipelineJson;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.ClaimedJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs an agent by its command line program, whose events come by stdout. What is particular to a
/// program is its [AgentCli].
public final class AgentProvider implements Provider {
  /// Events hold whole tool outputs and files.
  private static final int MAX_LINE_BYTES = 64 << 20;

  /// A process that has given its result may tidy up, but not for ever.
  private static final Duration AFTER_RESULT = Duration.ofSeconds(20);

  private final AgentCli cli;
  private final AgentPrograms.Program program;
  private final Duration afterResult;

  AgentProvider(AgentCli cli) {
    this(cli, AFTER_RESULT);
  }

  /// @param afterResult how long a process may outstay its result
  AgentProvider(AgentCli cli, Duration afterResult) {
    this.cli = cli;
    this.program = AgentPrograms.of(cli.name());
    this.afterResult = afterResult;
  }

  @Override
  public String name() {
    return cli.name();
  }

  @Override
  public Outcome run(Attempt attempt) throws InterruptedException {
    List<String> command;
    try {
      command = program.command(attempt.environment());
    } catch (IllegalArgumentException e) {
      return failed(ErrorClass.CONFIG, String.valueOf(e.getMessage()));
    }
    String known = attempt.job().sessionId();
    if (known == null) {
      return call(attempt, command, anew(attempt)).outcome();
    }
    Called resumed = call(attempt, command, of(attempt, known, true));
    if (!resumed.sessionUnknown() || attempt.stop().cause() != null) {
      return resumed.outcome();
    }
    attempt
        .events()
        .log(
            LogLevel.WARN,
            LogCategory.SYSTEM,
            cli.name() + " does not know the session " + known + " here; a new one is begun",
            Map.of("sessionId", known));
    return call(attempt, command, anew(attempt)).outcome();
  }

  private AgentCall anew(Attempt attempt) {
    return of(attempt, cli.choosesSession() ? UUID.randomUUID().toString() : null, false);
  }

  private static AgentCall of(Attempt attempt, @Nullable String sessionId, boolean resumed) {
    ClaimedJob job = attempt.job();
    return new AgentCall(
        job.prompt(),
        job.model(),
        job.options().permissions(),
        sessionId,
        resumed,
        attempt.usedBefore(),
        tools(job),
        attempt.followUp() == null ? null : attempt.followUp().text());
  }

  private static List<String> tools(ClaimedJob job) {
    String node = job.options().node();
    return node != null && PipelineJson.readNode(node) instanceof Node.Agent agent
        ? agent.tools()
        : List.of();
  }

  private record Called(Outcome outcome, boolean sessionUnknown) {}

  private Called call(Attempt attempt, List<String> command, AgentCall call)
      throws InterruptedException {
    if (cli.readsStdin() || !PromptFile.isNeeded(call.prompt())) {
      return start(attempt, command, call);
    }
    try (PromptFile file = PromptFile.write(call.prompt())) {
      return start(attempt, command, call.withPrompt(file.prompt()));
    } catch (IOException e) {
      return new Called(
          failed(ErrorClass.CONFIG, "the prompt can't be kept in a file: " + e), false);
    }
  }

  private Called start(Attempt attempt, List<String> command, AgentCall call)
      throws InterruptedException {
    List<String> argv = new ArrayList<>(command);
    try {
      argv.addAll(cli.arguments(call));
    } catch (IllegalArgumentException e) {
      return new Called(failed(ErrorClass.INVALID_REQUEST, String.valueOf(e.getMessage())), false);
    }
    Map<String, String> environment = withoutDatabase(attempt.environment());
    cli.prepare(call, environment);
    if (call.sessionId() != null) {
      attempt.events().session(call.sessionId());
    }
    if (!call.tools().isEmpty() && !cli.limitsTools()) {
      attempt
          .events()
          .log(
              LogLevel.WARN,
              LogCategory.SYSTEM,
              cli.name() + " cannot be kept to some tools; the permissions decide",
              Map.of("tools", call.tools()));
    }
    AgentStream stream = cli.stream(call, attempt.events());
    Lines lines = new Lines(attempt.events(), stream, afterResult);
    ProcessRunner.Exit exit =
        attempt
            .processes()
            .run(
                new ProcessRunner.Command(
                    argv,
                    environment,
                    attempt.workspace(),
                    cli.readsStdin() ? call.input() : "",
                    MAX_LINE_BYTES),
                lines);
    return switch (exit) {
      case ProcessRunner.Exit.NotStarted(String reason) ->
          new Called(
              failed(
                  ErrorClass.CONFIG,
                  reason
                      + "; install it with '"
                      + program.installHint()
                      + "', or name it in "
                      + commandVariable(cli.name())),
              false);
      case ProcessRunner.Exit.Code(int code) -> lines.ended(code);
    };
  }

  static String commandVariable(String provider) {
    return "AIDP_" + provider.toUpperCase(Locale.ROOT) + "_CMD";
  }

  /// Agents have no business in the queue's database.
  private static Map<String, String> withoutDatabase(Map<String, String> given) {
    Map<String, String> environment = new HashMap<>(given);
    environment
        .keySet()
        .removeIf(name -> name.equals("AIDP_DATABASE_URL") || name.startsWith("AIDP_DB_"));
    return environment;
  }

  private static Outcome failed(ErrorClass errorClass, String error) {
    return new Outcome.Failed(errorClass, SafeText.oneLine(error), null, true, Figures.NONE);
  }

  /// Hands the lines on, one at a time, and never lets a defect end the draining.
  private static final class Lines implements ProcessRunner.Output {
    /// The first lines may hold the complaint, before a long explanation; else the last ones do.
    private static final int FIRST_STDERR = 5;

    private static final int LAST_STDERR = 20;

    private final Events events;
    private final AgentStream stream;
    private final Duration afterResult;
    private final List<String> firstStderr = new ArrayList<>();
    private final Deque<String> lastStderr = new ArrayDeque<>();
    private ProcessRunner.@Nullable Running running;
    private boolean endAsked;

    Lines(Events events, AgentStream stream, Duration afterResult) {
      this.events = events;
      this.stream = stream;
      this.afterResult = afterResult;
    }

    @Override
    public synchronized void started(ProcessRunner.Running started) {
      running = started;
      endIfDone();
    }

    @Override
    public synchronized void stdout(String line) {
      try {
        stream.line(line);
      } catch (RuntimeException e) {
        events.log(
            LogLevel.WARN,
            LogCategory.SYSTEM,
            "a line of output was not understood: " + e,
            Map.of("raw", RawText.capped(line)));
      }
      endIfDone();
    }

    private void endIfDone() {
      if (stream.hasResult() && !endAsked && running != null) {
        endAsked = true;
        running.endAfter(afterResult);
      }
    }

    @Override
    public synchronized void stderr(String line) {
      String kept = RawText.capped(line);
      if (firstStderr.size() < FIRST_STDERR) {
        firstStderr.add(kept);
      } else {
        lastStderr.addLast(kept);
      }
      if (lastStderr.size() > LAST_STDERR) {
        lastStderr.removeFirst();
      }
      events.log(LogLevel.DEBUG, LogCategory.SYSTEM, kept, Map.of("stream", "stderr"));
    }

    synchronized Called ended(int code) {
      List<String> stderr = new ArrayList<>(firstStderr);
      stderr.addAll(lastStderr);
      // By a signal: an exit of its own that soon after its result has a code of its own.
      boolean endedByUs = endAsked && (code == 128 + 15 || code == 128 + 9);
      return new Called(stream.outcome(code, endedByUs, stderr), stream.isSessionUnknown(stderr));
    }
  }
}
