package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Hands the lines of an agent's process on, one at a time, never lets a defect end the draining,
/// and ends a process that outstays its result or its turns.
final class AgentOutput implements ProcessRunner.Output {
  /// The first lines may hold the complaint, before a long explanation; else the last ones do.
  private static final int FIRST_STDERR = 5;

  private static final int LAST_STDERR = 20;

  private static final int MAX_ANSWER_CHARS = 1 << 20;

  private final Events events;
  private final AgentStream stream;
  private final Duration afterResult;
  private final @Nullable Integer maxTurns;
  private final List<String> firstStderr = new ArrayList<>();
  private final Deque<String> lastStderr = new ArrayDeque<>();
  private ProcessRunner.@Nullable Running running;
  private boolean answered;
  private boolean endAsked;
  private boolean tooManyTurns;

  /// @param afterResult how long a process may outstay its result
  /// @param maxTurns answers of the model after which it is ended; null: as many as it likes
  AgentOutput(Events events, AgentStream stream, Duration afterResult, @Nullable Integer maxTurns) {
    this.events = events;
    this.stream = stream;
    this.afterResult = afterResult;
    this.maxTurns = maxTurns;
  }

  @Override
  public synchronized void started(ProcessRunner.Running started) {
    running = started;
    endIfDone();
  }

  @Override
  public synchronized void stdout(String line) {
    answered = true;
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
    tooManyTurns |= maxTurns != null && stream.turns() > maxTurns;
    boolean atOnce = tooManyTurns || stream.onlyWaits();
    if ((stream.hasResult() || atOnce) && !endAsked && running != null) {
      endAsked = true;
      running.endAfter(atOnce ? Duration.ZERO : afterResult);
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
    stream.stderr(line);
    endIfDone();
  }

  /// What became of the call, once its process has ended and all lines were given.
  synchronized Outcome outcome(int code) {
    // By a signal: an exit of its own that soon after its result has a code of its own.
    boolean endedByUs = endAsked && (code == 128 + 15 || code == 128 + 9);
    Outcome outcome = bounded(stream.outcome(code, endedByUs, stderr()));
    Integer limit = maxTurns;
    return tooManyTurns && limit != null
        ? new Outcome.Failed(
            ErrorClass.MAX_TURNS,
            "it was stopped after " + limit + (limit == 1 ? " turn" : " turns"),
            null,
            true,
            outcome.figures())
        : outcome;
  }

  /// An answer is stored, listed and shown as a whole: as much of it as of a command's output.
  private Outcome bounded(Outcome outcome) {
    Figures figures = outcome.figures();
    String answer = figures.result();
    if (answer == null || answer.length() <= MAX_ANSWER_CHARS) {
      return outcome;
    }
    events.log(
        LogLevel.WARN,
        LogCategory.SYSTEM,
        "the answer has " + answer.length() + " characters; the first MiB of them is kept",
        Map.of());
    return outcome.withFigures(
        new Figures(
            figures.exitCode(),
            RawText.capped(answer, MAX_ANSWER_CHARS),
            figures.sessionId(),
            figures.usage(),
            figures.costUsd(),
            figures.costEstimated()));
  }

  /// Whether it was a shell or a wrapper that found no program to run, by the exit codes that
  /// shells have for that.
  ///
  /// @return what it said about it; null if it was not that
  synchronized @Nullable String noProgram(int code) {
    return (code == 126 || code == 127) && !answered ? JsonStream.lastLine(stderr()) : null;
  }

  synchronized boolean isSessionUnknown() {
    return stream.isSessionUnknown(stderr());
  }

  private List<String> stderr() {
    List<String> kept = new ArrayList<>(firstStderr);
    kept.addAll(lastStderr);
    return kept;
  }
}
