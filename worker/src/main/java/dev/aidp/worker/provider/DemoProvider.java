package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.text.SafeText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A simulation of an agent, in this process and without any network: it streams messages, makes
/// tool calls, reports usage and writes the files that its step names. All that it says is marked
/// as a simulation. [DemoScript] has the directives that it obeys.
public final class DemoProvider implements Provider {
  private static final Duration MOMENT = Duration.ofMillis(40);
  private static final BigDecimal COST_PER_TOKEN = new BigDecimal("0.000001");
  private static final int CHARS_PER_TOKEN = 4;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String newSessionId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public Outcome run(Attempt attempt) throws InterruptedException {
    DemoScript script;
    try {
      script = DemoScript.of(attempt.job().prompt());
    } catch (IllegalArgumentException e) {
      return new Outcome.Failed(
          ErrorClass.CONFIG, String.valueOf(e.getMessage()), null, true, Figures.NONE);
    }
    return new Play(attempt, script).run();
  }

  /// One execution, on one thread.
  private static final class Play {
    private final Attempt attempt;
    private final Events events;
    private final DemoScript script;
    private final String task;
    private final String session;
    private final Duration pause;
    private long outputChars;

    Play(Attempt attempt, DemoScript script) {
      this.attempt = attempt;
      this.events = attempt.events();
      this.script = script;
      this.task = DemoScript.withoutDirectives(attempt.job().prompt());
      String known = attempt.job().sessionId();
      String chosen = attempt.session().chosenId();
      this.session = known != null ? known : chosen != null ? chosen : UUID.randomUUID().toString();
      Duration delay = script.delay();
      int steps = Math.max(1, script.lines() + script.tools());
      this.pause = delay != null ? delay.dividedBy(steps) : steps > 10 ? Duration.ZERO : MOMENT;
    }

    Outcome run() throws InterruptedException {
      events.session(session);
      if (script.fail() == ErrorClass.USAGE_LIMIT && script.fails(attempt.job().execution())) {
        return refused();
      }
      if (streamed() && !script.hang()) {
        return ended();
      }
      if (script.hang()) {
        say("[demo] Hangs until it is stopped.");
        while (!attempt.stop().await(Duration.ofHours(1))) {
          // Only a stop ends it.
        }
      }
      return new Outcome.Interrupted(Outcome.Cause.CANCELLED, "stopped", figures(null));
    }

    /// A model at its limit says nothing at all.
    private Outcome refused() throws InterruptedException {
      Duration delay = script.delay();
      if (attempt.stop().await(delay == null ? MOMENT : delay)) {
        return new Outcome.Interrupted(Outcome.Cause.CANCELLED, "stopped", figures(null));
      }
      return failed(
          ErrorClass.USAGE_LIMIT, "[demo] Simulated failure: usage_limit", script.reset(), false);
    }

    private Outcome ended() {
      ErrorClass fail = script.fail();
      if (fail != null && script.fails(attempt.job().execution())) {
        String error = "[demo] Simulated failure: " + fail.word();
        return failed(fail, error, null, fail == ErrorClass.TRANSIENT);
      }
      try {
        writeOutputs();
      } catch (IllegalArgumentException e) {
        return failed(ErrorClass.CONFIG, String.valueOf(e.getMessage()), null, false);
      } catch (IOException e) {
        return failed(ErrorClass.CONFIG, "cannot write an output: " + e, null, false);
      }
      Attempt.FollowUp followUp = attempt.followUp();
      String given = script.answer(followUp == null ? 0 : followUp.number());
      String answer =
          given != null
              ? given
              : "[demo] " + DemoFiles.LABEL + ". It was asked: " + firstLine(task);
      say(answer);
      return new Outcome.Completed(figures(answer));
    }

    private Outcome failed(
        ErrorClass errorClass, String error, @Nullable Duration retryAfter, boolean repeatable) {
      return new Outcome.Failed(errorClass, error, retryAfter, repeatable, figures(null));
    }

    /// @return whether it came to its end
    private boolean streamed() throws InterruptedException {
      for (int line = 1; line <= script.lines(); line++) {
        say(line(line));
        if (attempt.stop().await(pause)) {
          return false;
        }
      }
      for (int tool = 1; tool <= script.tools(); tool++) {
        if (attempt.stop().await(pause)) {
          return false;
        }
        events.toolCall(
            new Events.ToolCall(
                "Read",
                "demo-" + attempt.job().execution() + "-" + tool,
                Map.of("path", "."),
                "[demo] " + DemoFiles.LABEL + ": nothing was read",
                "ok",
                pause.toMillis()));
      }
      return true;
    }

    private String line(int number) {
      if (number > 1) {
        return "[demo] Message %d of %d.".formatted(number, script.lines());
      }
      Attempt.FollowUp followUp = attempt.followUp();
      if (followUp != null) {
        return "[demo] " + DemoFiles.LABEL + ": is told: " + firstLine(followUp.text());
      }
      return attempt.job().sessionId() == null
          ? "[demo] " + DemoFiles.LABEL + ": no model is asked. The task: " + firstLine(task)
          : "[demo] " + DemoFiles.LABEL + ": continues session " + session + ".";
    }

    private void say(String text) {
      outputChars += text.length();
      events.used("demo", usage());
      events.log(LogLevel.INFO, LogCategory.AGENT, text, Map.of("simulated", true));
      events.progress(text);
    }

    private void writeOutputs() throws IOException {
      List<String> outputs = attempt.job().options().outputs();
      if (outputs.isEmpty()) {
        return;
      }
      DemoFiles files = new DemoFiles(attempt.workspace());
      int number = 0;
      for (String output : outputs) {
        Path target = files.locate(output);
        String content = DemoFiles.content(output, task);
        if (files.write(target, content)) {
          outputChars += content.length();
          events.toolCall(
              new Events.ToolCall(
                  "Write",
                  "demo-" + attempt.job().execution() + "-write-" + ++number,
                  Map.of("path", output),
                  "[demo] Wrote " + content.length() + " characters",
                  "ok",
                  0));
        } else {
          events.log(
              LogLevel.WARN,
              LogCategory.SYSTEM,
              "[demo] Kept "
                  + SafeText.oneLine(output)
                  + ": it is there already, and a simulation does not replace it",
              Map.of("path", output));
        }
      }
    }

    private Figures figures(@Nullable String result) {
      Usage usage = usage();
      BigDecimal cost =
          COST_PER_TOKEN.multiply(
              BigDecimal.valueOf(usage.inputTokens() + 5 * usage.outputTokens()));
      return new Figures(null, result, session, usage, cost, false);
    }

    private Usage usage() {
      return new Usage(
          200L + task.length() / CHARS_PER_TOKEN, 1 + outputChars / CHARS_PER_TOKEN, 100);
    }

    private static String firstLine(String text) {
      String first = SafeText.oneLine(text.lines().findFirst().orElse("")).strip();
      return first.length() <= 200 ? first : SafeText.oneLine(first.substring(0, 200)) + "…";
    }
  }
}
