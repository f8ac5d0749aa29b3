package dev.aidp.cli.tui.screen;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whole screens, as text.
class RenderTest {
  private static final List<JobRow> SIX =
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
    assertThat(new Screens(80, 24).answer(List.of()).dense())
        .isEqualTo(
            """
             aidp › jobs                                       db ●  workers 1/1  12:00:00Z
             No jobs yet. Queue one in another terminal: aidp prompt "…"
             ↓ move  ⏎ open  d details  r retry  c cancel  ? help  q quit
            """);
  }

  @Test
  void theFirstFrame() {
    assertThat(new Screens(40, 12).dense())
        .isEqualTo(
            """
             aidp › jobs          db ●  workers 0/0
             loading …
             ↓ move  ⏎ open  ? help  q quit
            """);
  }

  @Test
  void aList() {
    assertThat(new Screens(80, 24).answer(SIX).press("jj").dense())
        .isEqualTo(
            """
             aidp › jobs                                       db ●  workers 1/1  12:00:00Z
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Provider  Status         Duration  Error
               1000042  claude    ⟳ running         2m14s  Bash: npm test
               1000039  claude    ⊘ interrupted     9m02s  cancelled
             ▸ 1000036  cursor    ✖ failed            41s  exit 1: テストが失敗しました in…
               1000031  claude    ◌ waiting             —  usage limit resets 20:05Z
               1000030  gemini    ✔ completed       3m55s
               1000029  shell     ○ queued              —
             rows 1–6 of 6
             ↓ move  ⏎ open  d details  r retry  c cancel  ? help  q quit
            """);
  }

  @Test
  void aListOnANarrowTerminal() {
    assertThat(new Screens(40, 12).answer(SIX).press("jj").dense())
        .isEqualTo(
            """
             aidp › jobs          db ●  workers 1/1
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Status         Duration
               1000042  ⟳ running         2m14s
               1000039  ⊘ interrupted     9m02s
             ▸ 1000036  ✖ failed            41s
                 exit 1: テストが失敗しました in a…
               1000031  ◌ waiting             —
               1000030  ✔ completed       3m55s
               1000029  ○ queued              —
             rows 1–6 of 6
             ↓ move  ⏎ open  ? help  q quit
            """);
  }

  @Test
  void aListOnAWideTerminal() {
    assertThat(new Screens(200, 60).answer(SIX).press("j").dense())
        .isEqualTo(
            """
             aidp › jobs                                                                                                                                                               db ●  workers 1/1  12:00:00Z
             ⟳ 1 running  ○ 1 queued  ◌ 1 waiting  ✖ 1 failed  ⊘ 1 interrupted  ✔ 1 completed
                    ID  Name                                      Provider  Status         Duration  Error
               1000042  Fix the login redirect                    claude    ⟳ running         2m14s  Bash: npm test
             ▸ 1000039  日本語のタスクを翻訳する仕事              claude    ⊘ interrupted     9m02s  cancelled
               1000036  auth tests                                cursor    ✖ failed            41s  exit 1: テストが失敗しました in auth_test.go:88 and some more text here
               1000031  later                                     claude    ◌ waiting             —  usage limit resets 20:05Z
               1000030  docs                                      gemini    ✔ completed       3m55s
               1000029  quick                                     shell     ○ queued              —
             rows 1–6 of 6
             ↓ move  ⏎ open  d details  r retry  c cancel  ? help  q quit
            """);
  }

  @Test
  void aListInFiftyNineColumns() {
    assertThat(new Screens(59, 8).answer(SIX).dense())
        .isEqualTo(
            """
             aidp › jobs                  db ●  workers 1/1  12:00:00Z
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Status         Duration
             ▸ 1000042  ⟳ running         2m14s
                 Bash: npm test
               1000039  ⊘ interrupted     9m02s
             rows 1–2 of 6
             ↓ move  ⏎ open  d details  r retry  ? help  q quit
            """);
  }

  @Test
  void aListInThirtyNineColumns() {
    assertThat(new Screens(39, 7).answer(SIX).press("jj").dense())
        .isEqualTo(
            """
             aidp › jobs         db ●  workers 1/1
                    ID     Time
               1000039 ⊘  9m02s
             ▸ 1000036 ✖    41s
                 exit 1: テストが失敗しました in …
             rows 2–3 of 6
             ↓ move  ⏎ open  ? help  q quit
            """);
  }

  @Test
  void aListInTheLeastSpace() {
    assertThat(new Screens(20, 5).answer(SIX).dense())
        .isEqualTo(
            """
             aidp › jobs   db ●
             ▸ 1000042 ⟳  2m14s
                 Bash: npm test
               1000039 ⊘  9m02s
             rows 1–2 of 6
            """);
  }

  @Test
  void aTerminalThatIsTooSmall() {
    assertThat(new Screens(19, 24).answer(SIX).dense())
        .isEqualTo(
            """
            terminal too small
            """);
  }

  @Test
  void manyJobs() {
    assertThat(
            new Screens(40, 12)
                .answer(Screens.completed(100))
                .press("G")
                .answer(Screens.completed(100))
                .dense())
        .isEqualTo(
            """
             aidp › jobs          db ●  workers 1/1
             ✔ 100 completed
                 ID  Status         Duration
                  6  ✔ completed         41s
                  5  ✔ completed         41s
                  4  ✔ completed         41s
                  3  ✔ completed         41s
                  2  ✔ completed         41s
             ▸    1  ✔ completed         41s
             rows 95–100 of 100
             ↓ move  ⏎ open  ? help  q quit
            """);
  }

  @Test
  void aStaleList() {
    assertThat(
            new Screens(80, 24)
                .answer(SIX)
                .on(new Event.Failed(refused))
                .after(Duration.ofSeconds(14))
                .dense())
        .isEqualTo(
            """
             aidp › jobs                             db ✖ stale 14s  workers 1/1  12:00:00Z
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Provider  Status         Duration  Error
             ▸ 1000042  claude    ⟳ running         2m14s  Bash: npm test
               1000039  claude    ⊘ interrupted     9m02s  cancelled
               1000036  cursor    ✖ failed            41s  exit 1: テストが失敗しました in…
               1000031  claude    ◌ waiting             —  usage limit resets 20:05Z
               1000030  gemini    ✔ completed       3m55s
               1000029  shell     ○ queued              —
             rows 1–6 of 6                                               connection refused
             ↓ move  ⏎ open  d details  r retry  c cancel  ? help  q quit
            """);
  }

  @Test
  void aRefusedRetry() {
    assertThat(
            new Screens(60, 10)
                .answer(SIX)
                .on(new Event.Performed(new Request.Retry(1000042), "", notFailed))
                .dense())
        .isEqualTo(
            """
             aidp › jobs                   db ●  workers 1/1  12:00:00Z
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Provider  Status         Duration
             ▸ 1000042  claude    ⟳ running         2m14s
                 Bash: npm test
               1000039  claude    ⊘ interrupted     9m02s
               1000036  cursor    ✖ failed            41s
               1000031  claude    ◌ waiting             —
             job 1000042 is running; only a failed or interrupted job
             can be retried; aidp jobs wait 1000042
            """);
  }

  @Test
  void aQuestion() {
    assertThat(new Screens(60, 10).answer(SIX).press("c").dense())
        .isEqualTo(
            """
             aidp › jobs                   db ●  workers 1/1  12:00:00Z
             ⟳ 1  ○ 1  ◌ 1  ✖ 1  ⊘ 1  ✔ 1
                    ID  Provider  Status         Duration
             ▸ 1000042  claude    ⟳ running         2m14s
                 Bash: npm test
               1000039  claude    ⊘ interrupted     9m02s
               1000036  cursor    ✖ failed            41s
               1000031  claude    ◌ waiting             —
             Cancel job 1000042 (running)? y/n
             ↓ move  ⏎ open  d details  r retry  ? help  q quit
            """);
  }

  @Test
  void asciiOnly() {
    assertThat(new Screens(100, 14).answer(SIX).press("j").dense(new Theme(false, true)))
        .isEqualTo(
            """
             aidp > jobs                                                           db +  workers 1/1  12:00:00Z
             > 1 running  o 1 queued  . 1 waiting  x 1 failed  ! 1 interrupted  + 1 completed
                    ID  Name                  Provider  Status         Duration  Error
               1000042  Fix the login redir~  claude    > running         2m14s  Bash: npm test
             * 1000039  ?????????~            claude    ! interrupted     9m02s  cancelled
               1000036  auth tests            cursor    x failed            41s  exit 1: ?????????? ~
               1000031  later                 claude    . waiting             -  usage limit resets 20:05Z
               1000030  docs                  gemini    + completed       3m55s
               1000029  quick                 shell     o queued              -
             rows 1-6 of 6
             Down move  Enter open  d details  r retry  c cancel  ? help  q quit
            """);
  }

  @Test
  void help() {
    assertThat(new Screens(40, 12).answer(SIX).press("?").dense())
        .isEqualTo(
            """
             ┏━ Keys (more below) ━━━━━━━━━━━━━━━━┓
             ┃ ↑ k         up                     ┃
             ┃ ↓ j         down                   ┃
             ┃ PgUp        a page up              ┃
             ┃ PgDn Space  a page down            ┃
             ┃ g Home      newest job             ┃
             ┃ G End       oldest job             ┃
             ┃ ⏎           logs of the job        ┃
             ┃ d           details of the job     ┃
             ┃ r           retry a failed or int… ┃
             ┃ c           cancel the job         ┃
             ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
            """);
  }

  @Test
  void theLogOfAJob() {
    assertThat(detail(80, 24).dense())
        .isEqualTo(
            """
             aidp › jobs › 1000036                              db ●  ✖ failed  attempt 2/3
             cursor  created 12:00:00Z  started 12:00:01Z  completed 12:00:42Z  41s  $0.12
             Error   exit 1: tests failed in auth_test.go:88
             Prompt  Fix the login redirect and add a regression test
             Files   /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-000000000001/…
             [1 Logs] [2 Attempts 2] [3 Tools] [4 Metadata]
             12:00:01.001 INFO  system   started by worker 4
             12:00:02.002 INFO  agent    I will look at
                                             the tests␛[2J first
             12:00:03.003 WARN  tool     Bash: go test ./... 日本語 日本語 日本語 日本語
                                         日本語 日本語 日本語 日本語 日本語 日本語 日本語
                                         日本語
             12:00:04.004 ERROR agent    tests failed in auth_test.go:88
             follow on · attempt 2 · entry 4 of 4 · wrap on
             Tab tabs  ↓ scroll  f follow  w wrap  r resume  c cancel  ? help  Esc back
            """);
  }

  @Test
  void theLogOfAJobOnANarrowTerminal() {
    assertThat(detail(40, 12).dense())
        .isEqualTo(
            """
             aidp › jobs › 1000036   db ●  ✖ failed
             cursor  created 12:00:00Z  started 12…
             Error   exit 1: tests failed in auth_…
             [1 Logs] [2] [3] [4]
             12:00:03 W Bash: go test ./... 日本語
                        日本語 日本語 日本語 日本語
                        日本語 日本語 日本語 日本語
                        日本語 日本語 日本語
             12:00:04 E tests failed in
                        auth_test.go:88
             follow on · attempt 2 · entry 4 of 4 …
             Tab tabs  ↓ scroll  ? help  Esc back
            """);
  }

  @Test
  void theMetadataOfAJob() {
    assertThat(detail(80, 36).press("4").dense())
        .isEqualTo(
            """
             aidp › jobs › 1000036                              db ●  ✖ failed  attempt 2/3
             cursor  created 12:00:00Z  started 12:00:01Z  completed 12:00:42Z  41s  $0.12
             Error   exit 1: tests failed in auth_test.go:88
             Prompt  Fix the login redirect and add a regression test
             Files   /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-000000000001/…
             [1 Logs] [2 Attempts 2] [3 Tools] [4 Metadata]
             Job ID     1000036
             Name       auth tests
             Provider   cursor gpt-5
             Status     ✖ failed
             Created    2026-11-21T12:00:00.000Z
             Started    2026-11-21T12:00:01.000Z
             Completed  2026-11-21T12:00:42.000Z
             Duration   41s
             Error      exit 1: tests failed in auth_test.go:88
             Class      command_failed
             Exit code  1
             Attempt    2 of 3, 0 crashes
             Cost       $0.12 (estimated)
             Tokens     12,000 in (9,000 cached), 800 out
             Session    sess-1
             Workspace  /home/me/project
             Host       laptop
             Run        7f3a0000-0000-4000-8000-000000000001
             Metadata   {"team": "web"}
             Files      /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-00000000000
                        1/metadata.json
                        /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-00000000000
                        1/logs.jsonl
                        /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-00000000000
                        1/logs.txt
                        /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-00000000000
                        1/tool-calls.jsonl
             Prompt     Fix the login redirect
             lines 1–28 of 29
             Tab tabs  ↓ scroll  f follow  w wrap  r resume  c cancel  ? help  Esc back
            """);
  }

  @Test
  void theAttemptsOfAJob() {
    assertThat(detail(80, 24).press("2").dense())
        .isEqualTo(
            """
             aidp › jobs › 1000036                              db ●  ✖ failed  attempt 2/3
             cursor  created 12:00:00Z  started 12:00:01Z  completed 12:00:42Z  41s  $0.12
             Error   exit 1: tests failed in auth_test.go:88
             Prompt  Fix the login redirect and add a regression test
             Files   /home/me/project/.pipeline-runs/7f3a0000-0000-4000-8000-000000000001/…
             [1 Logs] [2 Attempts 2] [3 Tools] [4 Metadata]
              #  Status         Started       Duration  Exit  Error
              1  ⊘ interrupted  12:00:01Z           8s        the worker was lost
                 0 in (0 cached), 0 out, worker 3 on laptop
              2  ✖ failed       12:00:20Z          22s     1  exit 1: tests failed
                 12,000 in (9,000 cached), 800 out, $0.12 (estimated), worker 4 on laptop
             lines 1–5 of 5
             Tab tabs  ↓ scroll  f follow  w wrap  r resume  c cancel  ? help  Esc back
            """);
  }

  /// A failed job with a short log.
  private static Screens detail(int width, int height) {
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
            0);
    Screens screens = new Screens(width, height).answer(SIX).press("jj").press(Key.Named.ENTER);
    return screens.on(
        new Event.Answered(
            new Snapshot(
                screens.ui().want(screens.size()),
                screens.ui().overview(),
                new Snapshot.Detail(Optional.of(job), List.of(first, second), log),
                Duration.ofMillis(3))));
  }

  private static LogLine line(long seq, LogLevel level, LogCategory category, String message) {
    return LogLine.of(
        new LogEntry(
            1000036, 2, seq, Screens.NOON.plusMillis(1001 * seq), level, category, message, null));
  }
}
