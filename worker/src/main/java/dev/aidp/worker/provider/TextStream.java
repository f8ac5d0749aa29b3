package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import java.util.List;
import java.util.Map;

/// The output of a program that prints its answer: each line is logged, and the last MiB of them is
/// the answer. Only its exit code tells how it went.
final class TextStream implements AgentStream {
  private final AgentCall call;
  private final Events events;
  private final OutputTail output = new OutputTail();

  TextStream(AgentCall call, Events events) {
    this.call = call;
    this.events = events;
  }

  @Override
  public void line(String line) {
    output.line(line);
    events.log(LogLevel.INFO, LogCategory.AGENT, line, Map.of());
    if (!line.isBlank()) {
      events.progress(RawText.line(line));
    }
  }

  @Override
  public boolean hasResult() {
    return false;
  }

  @Override
  public int turns() {
    return 0;
  }

  @Override
  public boolean isSessionUnknown(List<String> stderr) {
    return false;
  }

  @Override
  public Outcome outcome(int exitCode, boolean endedByUs, List<String> stderr) {
    String answer = output.text().stripTrailing();
    boolean well = exitCode == 0 && !answer.isBlank();
    Figures figures = new Figures(exitCode, well ? answer : null, null, Usage.NONE, null, false);
    if (well) {
      return new Outcome.Completed(figures);
    }
    String error =
        exitCode == 0
            ? call.provider() + " gave an empty answer"
            : call.provider() + " ended with exit " + exitCode + said(answer, stderr);
    return new Outcome.Failed(ErrorClass.UNKNOWN, RawText.line(error), null, false, figures);
  }

  private static String said(String answer, List<String> stderr) {
    String last = JsonStream.lastLine(stderr);
    if (last.isBlank()) {
      last = answer.substring(answer.lastIndexOf('\n') + 1);
    }
    return last.isBlank() ? "" : ": " + last.strip();
  }
}
