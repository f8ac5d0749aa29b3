package dev.aidp.cli.tui.screen;

import dev.aidp.cli.tui.data.Catalog.PipelineFile;
import dev.aidp.cli.tui.data.Catalog.PromptFile;
import dev.aidp.cli.tui.data.Catalog.WorkflowStep;
import dev.aidp.cli.tui.data.Catalog.WorkflowSteps;
import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.LogHits;
import dev.aidp.cli.tui.data.LogLine;
import dev.aidp.cli.tui.data.LogWindow;
import dev.aidp.cli.tui.data.RunText;
import dev.aidp.cli.tui.data.Snapshot;
import dev.aidp.cli.tui.draw.Theme;
import dev.aidp.cli.tui.keys.Key.Named;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.db.read.ListWorkers.Worker;
import dev.aidp.db.read.ReadLogStarts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every screen in every state, on a narrow, a usual and a large terminal, and in ASCII.
class EveryScreenTest {
  private static final UUID RUN = UUID.fromString("7f3a0000-0000-4000-8000-000000000001");
  private static final List<JobRow> SIX = RenderTest.SIX;

  private static final List<Worker> WORKERS =
      List.of(
          worker(3, "laptop", 2, List.of(1000042L), Duration.ofSeconds(2)),
          worker(4, "ビルド機", 1, List.of(), Duration.ofMinutes(7)));

  private static final List<RunText.Run> RUNS =
      List.of(
          new RunText.Run(
              RUN, "release-notes", JobStatus.RUNNING, "", Screens.NOON, Duration.ofSeconds(372)),
          new RunText.Run(
              UUID.fromString("0a1b0000-0000-4000-8000-000000000002"),
              "翻訳パイプライン",
              JobStatus.FAILED,
              "check failed: The notes do not lint",
              Screens.NOON,
              Duration.ofSeconds(12)));

  private static final List<RunText.Node> NODES =
      List.of(
          node(1, "collect", JobStatus.COMPLETED, "", List.of()),
          node(2, "draft-api", JobStatus.RUNNING, "Bash: npm test", List.of(1L)),
          node(3, "draft-cli", JobStatus.RUNNING, "", List.of(1L)),
          node(4, "review-cli", JobStatus.WAITING, "needs draft-cli", List.of(3L)),
          node(5, "changelog", JobStatus.FAILED, "exit 1", List.of(1L)),
          node(6, "publish", JobStatus.INTERRUPTED, "needs changelog (failed)", List.of(2L, 5L)));

  @TestFactory
  Stream<DynamicTest> jobs() {
    return Stream.of(
        state("jobs-first", screens -> screens),
        state("jobs-empty", screens -> screens.answer(List.of())),
        state("jobs-one", screens -> screens.answer(SIX.subList(0, 1))),
        state("jobs-six", screens -> screens.answer(SIX).press("j")),
        state("jobs-many", screens -> screens.answer(Screens.completed(100)).press("jj")),
        state(
            "jobs-newer",
            screens ->
                screens.answer(Screens.completed(100)).press("j").answer(Screens.completed(112))),
        state("jobs-marked", screens -> screens.answer(SIX).press("  ")),
        state("jobs-filtering", screens -> screens.answer(SIX).press("/sta").press(Named.TAB)),
        state(
            "jobs-filtered",
            screens ->
                screens
                    .answer(SIX)
                    .press("/status:failed")
                    .press(Named.ENTER)
                    .answer(SIX)
                    .answer(SIX)),
        state(
            "jobs-none-match",
            screens ->
                screens
                    .answer(SIX)
                    .press("/status:failed")
                    .press(Named.ENTER)
                    .answer(SIX.subList(0, 1))),
        state("jobs-command", screens -> screens.answer(SIX).press(":r")),
        state(
            "jobs-oldest-first", screens -> screens.answer(SIX).press("s").answer(SIX).answer(SIX)),
        state("jobs-question", screens -> screens.answer(SIX).press("c")),
        state("jobs-help", screens -> screens.answer(SIX).press("?")),
        state(
            "jobs-notice",
            screens ->
                screens
                    .answer(SIX)
                    .on(new Event.Noted("no worker could be started: " + "x".repeat(90)))),
        state(
            "jobs-stale",
            screens ->
                screens.answer(SIX).on(new Event.Failed(refused())).after(Duration.ofSeconds(14))));
  }

  @TestFactory
  Stream<DynamicTest> details() {
    return Stream.of(
        detail("job-first", screens -> screens),
        detail(
            "job-gone",
            screens ->
                screens.answer(Snapshot.Detail.of(Optional.empty(), List.of(), LogWindow.NONE))),
        loaded("job-logs", screens -> screens),
        loaded("job-logs-cut", screens -> screens.press("w")),
        loaded("job-logs-without-times", screens -> screens.press("t")),
        loaded("job-logs-searched", screens -> screens.press("/tests").press(Named.ENTER)),
        loaded("job-attempts", screens -> screens.press("2")),
        loaded("job-tools-loading", screens -> screens.press("3")),
        loaded("job-tools-none", screens -> screens.press("3").answer(calls(screens, List.of()))),
        loaded("job-tools", screens -> screens.press("3").answer(calls(screens, CALLS))),
        loaded("job-log-of-an-attempt", screens -> screens.press("2k").press(Named.ENTER)),
        loaded("job-metadata", screens -> screens.press("4")),
        loaded("job-help", screens -> screens.press("?").press("G")),
        loaded(
            "job-stale",
            screens ->
                screens.on(new Event.Failed(refused())).after(Duration.ofSeconds(14)).press("r")));
  }

  private static final List<LogLine> CALLS =
      List.of(
          call(3, "Bash", "ok", "go test ./...", "ok  auth 0.4s\nok  web 1.2s\nok  db\nok  api"),
          call(9, "読む", "error", "日本語.txt", "no such file"),
          call(12, "Wait", "ok", "", ""));

  private static Snapshot.Detail calls(Screens screens, List<LogLine> calls) {
    Snapshot.Detail before = Objects.requireNonNull(((JobDetail) screens.ui().top()).data());
    LogWindow window = new LogWindow(2, calls, true, true, 0);
    LogHits hits = LogHits.of(calls.stream().mapToLong(LogLine::seq).toArray());
    return new Snapshot.Detail(
        before.job(), before.executions(), window, hits, LogHits.NONE, LogHits.NONE, true);
  }

  private static LogLine call(long seq, String tool, String status, String input, String output) {
    return RenderTest.line(
        seq,
        LogLevel.INFO,
        LogCategory.TOOL,
        tool + " " + status,
        new ReadLogStarts.Call(
            tool, status, Duration.ofMillis(400 * seq), input, output, output.length()));
  }

  private static final WorkflowSteps STEPS =
      new WorkflowSteps(
          List.of(
              new WorkflowStep(1, "00_PRD", JobStatus.COMPLETED, 7, "docs/PRD.md"),
              new WorkflowStep(2, "01_NFRS", JobStatus.COMPLETED, 8, "asks for approval"),
              new WorkflowStep(3, "02_ARCHITECTURE", JobStatus.FAILED, 9, "exit 1: 設計が見つかりません"),
              new WorkflowStep(4, "03_ADR_FACTORY", null, 0, "docs/adr/*.md")),
          "");

  @TestFactory
  Stream<DynamicTest> others() {
    return Stream.of(
        state("menu", screens -> screens.menu().answer(new Snapshot.Nothing()).press("j")),
        state(
            "menu-new-prompt",
            screens -> screens.menu().answer(new Snapshot.Nothing()).press("4fix")),
        state(
            "prompts",
            screens ->
                screens
                    .menu()
                    .press("2")
                    .answer(
                        new Snapshot.Prompts(
                            List.of(
                                new PromptFile("fix-login.md", "claude", "opus", "Fix it"),
                                new PromptFile("翻訳.md", "", "", "Translate"))))
                    .press("j")),
        state(
            "prompts-none",
            screens -> screens.menu().press("2").answer(new Snapshot.Prompts(List.of()))),
        state(
            "prompts-typed",
            screens ->
                screens
                    .menu()
                    .press("2")
                    .answer(new Snapshot.Prompts(List.of()))
                    .press(Named.ENTER)
                    .press("Fix the login redirect, please")),
        state(
            "pipelines",
            screens ->
                screens
                    .menu()
                    .press("1")
                    .answer(
                        new Snapshot.Pipelines(
                            List.of(
                                new PipelineFile(
                                    "release-notes",
                                    "notes/pipeline.yaml",
                                    "Draft and check the release notes",
                                    true))))
                    .press("j")
                    .press(Named.ENTER)),
        state(
            "workflow",
            screens -> screens.menu().press("5").answer(new Snapshot.Workflow(STEPS)).press("j")),
        state(
            "workflow-approve",
            screens -> screens.menu().press("5").answer(new Snapshot.Workflow(STEPS)).press("ja")),
        state(
            "workflow-not-queued",
            screens ->
                screens
                    .menu()
                    .press("5")
                    .answer(new Snapshot.Workflow(STEPS))
                    .press("G")
                    .press(Named.ENTER)),
        state(
            "workflow-problem",
            screens ->
                screens
                    .menu()
                    .press("5")
                    .answer(
                        new Snapshot.Workflow(
                            new WorkflowSteps(List.of(), "aidp: this is not a project")))),
        state(
            "workers",
            screens -> command(screens, "workers").answer(new Snapshot.Workers(WORKERS))),
        state(
            "workers-none",
            screens -> command(screens, "workers").answer(new Snapshot.Workers(List.of()))),
        state(
            "runs", screens -> command(screens, "runs").answer(new Snapshot.Runs(RUNS)).press("j")),
        state(
            "runs-none", screens -> command(screens, "runs").answer(new Snapshot.Runs(List.of()))),
        state(
            "run",
            screens ->
                command(screens, "run " + RUN)
                    .answer(new Snapshot.Graph(Optional.of(RUNS.getFirst()), NODES))
                    .press("jj")),
        state(
            "run-gone",
            screens ->
                command(screens, "run " + RUN)
                    .answer(new Snapshot.Graph(Optional.empty(), List.of()))));
  }

  private static Screens command(Screens screens, String line) {
    return screens.answer(SIX).press(":" + line).press(Named.ENTER);
  }

  private static DynamicTest detail(String name, UnaryOperator<Screens> steps) {
    return state(name, screens -> steps.apply(screens.answer(SIX).press("jj").press(Named.ENTER)));
  }

  private static DynamicTest loaded(String name, UnaryOperator<Screens> steps) {
    return test(name, (width, height) -> steps.apply(RenderTest.detail(width, height)));
  }

  private static DynamicTest state(String name, UnaryOperator<Screens> steps) {
    return test(name, (width, height) -> steps.apply(new Screens(width, height)));
  }

  @FunctionalInterface
  private interface Sized {
    Screens of(int width, int height);
  }

  private static DynamicTest test(String name, Sized screens) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            Golden.check(
                "every/" + name,
                part("40x12", screens.of(40, 12).dense())
                    + part("80x24", screens.of(80, 24).dense())
                    + part("200x60", screens.of(200, 60).dense())
                    + part("80x24 in ASCII", screens.of(80, 24).dense(new Theme(false, true)))));
  }

  private static String part(String title, String shown) {
    return "== " + title + "\n" + shown;
  }

  private static Worker worker(
      long id, String host, int slots, List<Long> running, Duration heartbeatAge) {
    return new Worker(
        id,
        host,
        4242,
        slots,
        true,
        false,
        List.of("claude"),
        running,
        Screens.NOON,
        heartbeatAge,
        "1");
  }

  private static RunText.Node node(
      long id, String name, JobStatus status, String note, List<Long> needs) {
    return new RunText.Node(id, name, "claude", status, note, Duration.ofSeconds(40 + id), needs);
  }

  private static AidpException refused() {
    return new AidpException(ErrorCategory.DATABASE, "connection refused", null);
  }
}
