package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import dev.aidp.db.read.ReadLogStarts;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whole screens, as text.
class RenderTest {
  static final List<JobRow> SIX =
      List.of(
          new JobRow(
              1000042,
              "Fix the login redirect",
              "claude",
              JobStatus.RUNNING,
              Duration.ofSeconds(134),
              "Bash: npm test"),
          new JobRow(
              1000039,
              "日本語のタスクを翻訳する仕事",
              "claude",
              JobStatus.INTERRUPTED,
              Duration.ofSeconds(542),
              "cancelled"),
          new JobRow(
              1000036,
              "auth tests",
              "cursor",
              JobStatus.FAILED,
              Duration.ofSeconds(41),
              "exit 1: テストが失敗しました in auth_test.go:88 and some more text here"),
          new JobRow(
              1000031, "later", "claude", JobStatus.WAITING, null, "usage limit resets 20:05Z"),
          new JobRow(1000030, "docs", "gemini", JobStatus.COMPLETED, Duration.ofSeconds(235), ""),
          new JobRow(1000029, "quick", "shell", JobStatus.QUEUED, null, ""));

  private final AidpException refused =
      new AidpException(ErrorCategory.DATABASE, "connection refused", null);

  private final AidpException notFailed =
      new AidpException(
          ErrorCategory.NOT_FOUND,
          "job 1000042 is running; only a failed or interrupted job can be retried",
          "aidp jobs wait 1000042");

  @Test
  void anEmptyList() {
    Golden.check("anEmptyList", new Screens(80, 24).answer(List.of()).dense());
  }

  @Test
  void theFirstFrame() {
    Golden.check("theFirstFrame", new Screens(40, 12).dense());
  }

  @Test
  void aList() {
    Golden.check("aList", new Screens(80, 24).answer(SIX).press("jj").dense());
  }

  @Test
  void aListOnANarrowTerminal() {
    Golden.check("aListOnANarrowTerminal", new Screens(40, 12).answer(SIX).press("jj").dense());
  }

  @Test
  void aListOnAWideTerminal() {
    Golden.check("aListOnAWideTerminal", new Screens(200, 60).answer(SIX).press("j").dense());
  }

  @Test
  void aListInFiftyNineColumns() {
    Golden.check("aListInFiftyNineColumns", new Screens(59, 8).answer(SIX).dense());
  }

  @Test
  void aListInThirtyNineColumns() {
    Golden.check("aListInThirtyNineColumns", new Screens(39, 7).answer(SIX).press("jj").dense());
  }

  @Test
  void aListInTheLeastSpace() {
    Golden.check("aListInTheLeastSpace", new Screens(20, 5).answer(SIX).dense());
  }

  @Test
  void aTerminalThatIsTooSmall() {
    Golden.check("aTerminalThatIsTooSmall", new Screens(19, 24).answer(SIX).dense());
  }

  @Test
  void manyJobs() {
    Golden.check(
        "manyJobs",
        new Screens(40, 12)
            .answer(Screens.completed(100))
            .press("G")
            .answer(Screens.completed(100))
            .dense());
  }

  @Test
  void aStaleList() {
    Golden.check(
        "aStaleList",
        new Screens(80, 24)
            .answer(SIX)
            .on(new Event.Failed(refused))
            .after(Duration.ofSeconds(14))
            .dense());
  }

  @Test
  void aRefusedRetry() {
    Golden.check(
        "aRefusedRetry",
        new Screens(60, 10)
            .answer(SIX)
            .on(new Event.Performed(new Request.Retry(List.of(1000042L)), null, notFailed))
            .dense());
  }

  @Test
  void aQuestion() {
    Golden.check("aQuestion", new Screens(60, 10).answer(SIX).press("c").dense());
  }

  @Test
  void asciiOnly() {
    Golden.check(
        "asciiOnly", new Screens(100, 14).answer(SIX).press("j").dense(new Theme(false, true)));
  }

  @Test
  void help() {
    Golden.check("help", new Screens(40, 12).answer(SIX).press("?").dense());
  }

  @Test
  void theLogOfAJob() {
    Golden.check("theLogOfAJob", detail(80, 24).dense());
  }

  @Test
  void theLogOfAJobOnANarrowTerminal() {
    Golden.check("theLogOfAJobOnANarrowTerminal", detail(40, 12).dense());
  }

  @Test
  void theMetadataOfAJob() {
    Golden.check("theMetadataOfAJob", detail(80, 36).press("4").dense());
  }

  @Test
  void theAttemptsOfAJob() {
    Golden.check("theAttemptsOfAJob", detail(80, 24).press("2").dense());
  }

  /// A failed job with a short log.
  static Screens detail(int width, int height) {
    Instant noon = Screens.NOON;
    Usage usage = new Usage(12_000, 800, 9_000);
    Job job =
        new Job(
            1000036,
            "auth tests",
            UUID.fromString("7f3a0000-0000-4000-8000-000000000001"),
            null,
            "cursor",
            "gpt-5",
            JobStatus.FAILED,
            null,
            0,
            2,
            3,
            0,
            "Fix the login redirect\nand add a regression test",
            "/home/me/project",
            "laptop",
            noon,
            noon.plusSeconds(1),
            noon.plusSeconds(42),
            Duration.ofSeconds(41),
            "exit 1: tests failed in auth_test.go:88",
            ErrorClass.COMMAND_FAILED,
            1,
            "sess-1",
            null,
            null,
            usage,
            new BigDecimal("0.12"),
            true,
            "{\"team\": \"web\"}",
            "/home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-000000000001",
            null);
    Execution first =
        new Execution(
            7,
            1000036,
            1,
            JobStatus.INTERRUPTED,
            3L,
            "laptop",
            4242,
            noon.plusSeconds(1),
            noon.plusSeconds(9),
            Duration.ofSeconds(8),
            null,
            "the worker was lost",
            ErrorClass.WORKER_LOST,
            null,
            Usage.NONE,
            null,
            false,
            null);
    Execution second =
        new Execution(
            8,
            1000036,
            2,
            JobStatus.FAILED,
            4L,
            "laptop",
            4243,
            noon.plusSeconds(20),
            noon.plusSeconds(42),
            Duration.ofSeconds(22),
            1,
            "exit 1: tests failed",
            ErrorClass.COMMAND_FAILED,
            "sess-1",
            usage,
            new BigDecimal("0.12"),
            true,
            null);
    LogWindow log =
        new LogWindow(
            2,
            List.of(
                line(1, LogLevel.INFO, LogCategory.SYSTEM, "started by worker 4"),
                line(
                    2,
                    LogLevel.INFO,
                    LogCategory.AGENT,
                    "I will look at\n\tthe tests\033[2J first"),
                line(
                    3, LogLevel.WARN, LogCategory.TOOL, "Bash: go test ./... " + "日本語 ".repeat(12)),
                line(4, LogLevel.ERROR, LogCategory.AGENT, "tests failed in auth_test.go:88")),
            true,
            true,
            0);
    Screens screens = new Screens(width, height).answer(SIX).press("jj").press(Key.Named.ENTER);
    return screens.on(
        new Event.Answered(
            new Snapshot(
                screens.ui().want(screens.size()),
                screens.ui().overview(),
                Snapshot.Detail.of(Optional.of(job), List.of(first, second), log),
                Duration.ofMillis(3))));
  }

  static LogLine line(long seq, LogLevel level, LogCategory category, String message) {
    return line(seq, level, category, message, null);
  }

  static LogLine line(
      long seq,
      LogLevel level,
      LogCategory category,
      String message,
      ReadLogStarts.@Nullable Call call) {
    String start = message.substring(0, Math.min(message.length(), ReadLogStarts.MESSAGE));
    long missing = message.codePointCount(start.length(), message.length());
    return LogLine.of(
        new ReadLogStarts.Start(
            seq,
            Screens.NOON.plusMillis(1001 * seq),
            level,
            category,
            start,
            start.codePointCount(0, start.length()) + missing,
            call));
  }
}
