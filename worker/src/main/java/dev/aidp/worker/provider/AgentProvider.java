package dev.aidp.worker.provider;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.ClaimedJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private final String name;
  private final AgentPrograms.Program program;

  /// The program that a dialect was made for.
  AgentProvider(AgentCli cli) {
    this(cli, cli.name(), AgentPrograms.of(cli.name()));
  }

  private AgentProvider(AgentCli cli, String name, AgentPrograms.Program program) {
    this.cli = cli;
    this.name = name;
    this.program = program;
  }

  @Override
  public Provider as(ProviderRef reference) {
    return reference.isCustom()
        ? new AgentProvider(cli, reference.stored(), AgentPrograms.custom(reference.name()))
        : this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Outcome run(Attempt attempt) throws InterruptedException {
    List<String> command;
    AgentOptions options;
    try {
      command = program.command(attempt.environment());
      options = options(attempt.job(), program.configured(attempt.environment()));
    } catch (IllegalArgumentException e) {
      return failed(ErrorClass.CONFIG, String.valueOf(e.getMessage()));
    }
    String known = attempt.job().sessionId();
    if (known == null) {
      return call(attempt, command, anew(attempt, options)).outcome();
    }
    Called resumed = call(attempt, command, of(attempt, options, known, true));
    if (!resumed.sessionUnknown() || attempt.stop().cause() != null) {
      return resumed.outcome();
    }
    attempt
        .events()
        .log(
            LogLevel.WARN,
            LogCategory.SYSTEM,
            program.provider()
                + " does not know the session "
                + known
                + " here; a new one is begun",
            Map.of("sessionId", known));
    return call(attempt, command, anew(attempt, options)).outcome();
  }

  @Override
  public @Nullable String newSessionId() {
    return cli.choosesSession() ? UUID.randomUUID().toString() : null;
  }

  private AgentCall anew(Attempt attempt, AgentOptions options) {
    String chosen = attempt.session().chosenId();
    return of(attempt, options, chosen == null ? newSessionId() : chosen, false);
  }

  /// What the job was queued with are words of the provider that it was queued for.
  ///
  /// @param configured arguments that come first
  private static AgentOptions options(ClaimedJob job, List<String> configured) {
    AgentOptions given = job.options().agent();
    List<Alternative> fallback = job.options().fallback();
    // The last one is the first provider itself.
    boolean diverted = !fallback.isEmpty() && !fallback.getLast().provider().equals(job.provider());
    if (diverted) {
      return new AgentOptions(List.of(), given.maxTurns(), configured);
    }
    List<String> arguments = new ArrayList<>(configured);
    arguments.addAll(given.arguments());
    return new AgentOptions(given.allowedTools(), given.maxTurns(), arguments);
  }

  private AgentCall of(
      Attempt attempt, AgentOptions options, @Nullable String sessionId, boolean resumed) {
    ClaimedJob job = attempt.job();
    return new AgentCall(
        program.provider(),
        job.prompt(),
        job.model(),
        job.options().permissions(),
        options,
        sessionId,
        resumed,
        attempt.session().usedBefore(),
        attempt.session().earlier(),
        attempt.followUp() == null ? null : attempt.followUp().text());
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
      if (attempt.leftUsd() != null) {
        argv.addAll(cli.budget(attempt.leftUsd()));
      }
    } catch (IllegalArgumentException e) {
      return new Called(failed(ErrorClass.INVALID_REQUEST, String.valueOf(e.getMessage())), false);
    }
    Map<String, String> environment = withoutDatabase(attempt.environment());
    cli.prepare(call, environment);
    if (call.sessionId() != null) {
      attempt.events().session(call.sessionId());
    }
    AgentStream stream = cli.stream(call, attempt.events());
    Integer maxTurns = cli.limitsTurns() ? null : call.options().maxTurns();
    AgentOutput output = new AgentOutput(attempt.events(), stream, AFTER_RESULT, maxTurns);
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
                output);
    return switch (exit) {
      case ProcessRunner.Exit.NotStarted(String reason) ->
          new Called(failed(ErrorClass.CONFIG, reason + "; " + program.remedy()), false);
      case ProcessRunner.Exit.Code(int code) ->
          new Called(ended(output, code), output.isSessionUnknown());
    };
  }

  private Outcome ended(AgentOutput output, int code) {
    String complaint = output.noProgram(code);
    if (complaint == null) {
      return output.outcome(code);
    }
    String error =
        "%s could not be run: exit %d%s; %s"
            .formatted(
                program.provider(),
                code,
                complaint.isBlank() ? "" : ", " + complaint.strip(),
                program.remedy());
    Figures figures = new Figures(code, null, null, Usage.NONE, null, false);
    return new Outcome.Failed(ErrorClass.CONFIG, RawText.line(error), null, true, figures);
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
}
