package dev.aidp.worker.provider;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.ClaimedJob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs any command: its argv as given, or its prompt as a command line of bash. What it prints is
/// the log, its stdout the result, its exit code the outcome.
public final class ShellProvider implements Provider {
  private static final int MAX_LINE_BYTES = 1 << 20;
  private static final int SHOWN_CHARS = 500;

  @Override
  public String name() {
    return "shell";
  }

  @Override
  public Outcome run(Attempt attempt) throws InterruptedException {
    return run(attempt, argv(attempt.job()));
  }

  /// A command line, run by bash in the attempt's place: what it prints and how it ends are as for
  /// a `shell` job.
  public static Outcome bash(Attempt attempt, String commandLine) throws InterruptedException {
    return run(attempt, bash(commandLine));
  }

  private static Outcome run(Attempt attempt, List<String> argv) throws InterruptedException {
    Lines lines = new Lines(attempt.events());
    ProcessRunner.Exit exit =
        attempt
            .processes()
            .run(
                new ProcessRunner.Command(
                    argv, attempt.environment(), attempt.workspace(), "", MAX_LINE_BYTES),
                lines);
    return switch (exit) {
      case ProcessRunner.Exit.NotStarted(String reason) ->
          new Outcome.Failed(ErrorClass.CONFIG, reason, null, true, Figures.NONE);
      case ProcessRunner.Exit.Code(int code) -> ended(code, lines);
    };
  }

  private static List<String> argv(ClaimedJob job) {
    List<String> given = job.options().argv();
    return given.isEmpty() ? bash(job.prompt()) : given;
  }

  private static List<String> bash(String commandLine) {
    // The dashes keep a command line that begins with one from being read as options.
    return List.of("bash", "-o", "pipefail", "-c", "--", commandLine);
  }

  private static Outcome ended(int code, Lines lines) {
    Figures figures = Figures.ofExit(code, lines.stdout.text());
    if (code == 0) {
      return new Outcome.Completed(figures);
    }
    String last = lines.lastStderr;
    String error = last == null ? "exit " + code : "exit " + code + ": " + shown(last);
    return new Outcome.Failed(ErrorClass.COMMAND_FAILED, error, null, false, figures);
  }

  private static String shown(String line) {
    String clean = SafeText.oneLine(line.strip());
    return clean.length() <= SHOWN_CHARS
        ? clean
        : SafeText.oneLine(clean.substring(0, SHOWN_CHARS)) + "…";
  }

  private static final class Lines implements ProcessRunner.Output {
    private static final Map<String, String> STDOUT = Map.of("stream", "stdout");
    private static final Map<String, String> STDERR = Map.of("stream", "stderr");

    private final Events events;
    private final OutputTail stdout = new OutputTail();
    private volatile @Nullable String lastStderr;

    Lines(Events events) {
      this.events = events;
    }

    @Override
    public void stdout(String line) {
      stdout.line(line);
      add(LogLevel.INFO, line, STDOUT);
    }

    @Override
    public void stderr(String line) {
      if (!line.isBlank()) {
        lastStderr = line;
      }
      add(LogLevel.WARN, line, STDERR);
    }

    @Override
    public void stdoutEndsInsideLine() {
      stdout.endsInsideLine();
    }

    private void add(LogLevel level, String line, Map<String, String> data) {
      events.log(level, LogCategory.NODE, line, data);
      if (!line.isBlank()) {
        events.progress(line);
      }
    }
  }
}
