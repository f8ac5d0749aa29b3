package dev.aidp.cli.tui.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.cli.tui.data.JobRow;
import dev.aidp.cli.tui.data.Request;
import dev.aidp.cli.tui.data.Want;
import dev.aidp.cli.tui.keys.Key;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ReadJobs.UuidRange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobListTest {
  private final AidpException connectionRefused =
      new AidpException(ErrorCategory.DATABASE, "connection refused", null);

  private final Screens table = new Screens(80, 24).answer(Screens.completed(100));

  @Test
  void newJobsAreAnnouncedAndMoveNothing() {
    table.press("jj");
    String before = table.text();
    assertThat(table.list().selected()).isEqualTo(98);
    table.answer(Screens.completed(103));
    assertThat(table.list().selected()).isEqualTo(98);
    assertThat(table.text().lines().skip(3).limit(19))
        .isEqualTo(before.lines().skip(3).limit(19).toList());
    assertThat(table.row(-2)).contains("▲ 3 newer (g)");

    table.press("g").answer(Screens.completed(103));
    assertThat(table.list().selected()).isEqualTo(103);
    assertThat(table.answer(Screens.completed(103)).row(-2)).doesNotContain("newer");
  }

  @Test
  void newJobsAreReachedByScrollingUpToo() {
    table.answer(Screens.completed(102)).press("k").press(Key.Named.UP);
    assertThat(table.list().selected()).isEqualTo(102);
    assertThat(table.answer(Screens.completed(102)).row(-2)).doesNotContain("newer");
    assertThat(table.press("k").row(-2)).contains("this is the newest job");
  }

  @Test
  void theCursorGoesToTheNextOlderJobWhenItsOwnIsPruned() {
    table.press("jjj");
    List<JobRow> rest =
        Screens.completed(100).stream().filter(row -> row.id() != 97 && row.id() != 96).toList();
    assertThat(table.answer(rest).list().selected()).isEqualTo(95);
    assertThat(table.answer(List.of()).list().selected()).isZero();
    assertThat(table.answer(Screens.completed(2)).list().selected()).isEqualTo(2);
  }

  @Test
  void pagesBeyondTheLoadedRowsAreMovedWhenThoseArrive() {
    for (int i = 0; i < 4; i++) {
      table.press(Key.Named.PAGE_DOWN);
    }
    assertThat(table.row(-2)).contains("loading");
    table.answer(Screens.completed(100)).answer(Screens.completed(100));
    table.answer(Screens.completed(100));
    assertThat(table.list().selected()).isEqualTo(100 - 4 * 19);
    table.press("G").answer(Screens.completed(100));
    assertThat(table.list().selected()).isEqualTo(1);
    assertThat(table.press("j").row(-2)).contains("this is the oldest job");
  }

  @Test
  void answersToAnOlderQuestionAreDropped() {
    Want.Jobs old = (Want.Jobs) table.ui().want(table.size());
    table.press("G");
    assertThat(table.list().place().seeking()).isNotNull();
    table.on(
        new Event.Answered(
            new dev.aidp.cli.tui.data.Snapshot(
                old,
                dev.aidp.cli.tui.data.Snapshot.Overview.NONE,
                dev.aidp.cli.tui.data.Snapshot.Jobs.NONE,
                Duration.ZERO)));
    assertThat(table.list().rows()).isNotEmpty();
  }

  @Test
  void retryAsksAtOnceAndCancelAfterAQuestion() {
    assertThat(table.press("r").effect())
        .isEqualTo(new Step.Effect.Ask(new Request.Retry(List.of(100L))));
    assertThat(table.press("c").row(-2)).contains("job 100 is completed already");

    table.answer(List.of(Screens.row(100, JobStatus.RUNNING, "")));
    assertThat(table.press("c").row(-2)).contains("Cancel job 100 (running)? y/n");
    assertThat(table.press("x").row(-2)).contains("Cancel job 100 (running)? y/n");
    assertThat(table.press("n").row(-2)).contains("job 100 was not cancelled");
    assertThat(table.press("cy").effect())
        .isEqualTo(new Step.Effect.Ask(new Request.Cancel(List.of(100L))));
  }

  @Test
  void aFailedActionSaysWhyInTheFooterUntilTheNextKey() {
    Request request = new Request.Retry(List.of(100L));
    AidpException refused =
        new AidpException(ErrorCategory.NOT_FOUND, "job 100 is completed\033[2J", "do that");
    table.on(new Event.Performed(request, null, refused));
    assertThat(table.row(-2)).contains("job 100 is completed␛[2J; do that");
    assertThat(table.press("j").row(-2)).doesNotContain("do that");
  }

  @Test
  void aDownDatabaseKeepsThePictureAndRefusesActions() {
    String rows = table.text().lines().skip(1).limit(20).toList().toString();
    table.on(new Event.Failed(connectionRefused)).after(Duration.ofSeconds(14));
    assertThat(table.row(0)).contains("db ✖ stale 14s");
    assertThat(table.row(-2)).contains("connection refused");
    assertThat(table.text().lines().skip(1).limit(20).toList().toString()).isEqualTo(rows);
    assertThat(table.press("r").effect()).isEqualTo(new Step.Effect.None());
    assertThat(table.row(-2)).contains("not done: connection refused");
    table.answer(Screens.completed(100));
    assertThat(table.row(0)).contains("db ●");
    assertThat(table.press("r").effect()).isInstanceOf(Step.Effect.Ask.class);
  }

  @Test
  void aLongNoticeOfOneRowLeavesTheKeys() {
    table.on(new Event.Noted("n".repeat(75)));
    assertThat(table.row(-2)).contains("nnn");
    assertThat(table.row(-1)).contains("? help", "q quit");
  }

  @Test
  void aNoticeAboutADownDatabaseGoesWhenItIsBack() {
    table.on(new Event.Failed(connectionRefused));
    table.on(new Event.Noted("no worker could be started"));
    assertThat(table.row(-2)).contains("no worker could be started");
    assertThat(table.answer(Screens.completed(100)).row(-2)).doesNotContain("no worker");
  }

  @Test
  void aSilentDatabaseIsDownToo() {
    assertThat(table.after(Duration.ofSeconds(3)).row(0)).contains("db ●");
    assertThat(table.after(Duration.ofSeconds(3)).row(0)).contains("db ✖ stale 6s");
  }

  @Test
  void theTimeShownIsThatOfTheLastChange() {
    assertThat(table.row(0)).endsWith("12:00:00Z");
    table.after(Duration.ofSeconds(2)).answer(Screens.completed(100));
    assertThat(table.row(0)).endsWith("12:00:00Z");
    table.after(Duration.ofSeconds(2)).answer(Screens.completed(101));
    assertThat(table.row(0)).endsWith("12:00:04Z");
  }

  @Test
  void everyKeyAnswers() {
    assertThat(table.press("z").row(-2)).contains("z does nothing here; ? shows the keys");
    assertThat(table.press("q").effect()).isEqualTo(new Step.Effect.Leave(0, true));
    assertThat(table.press(new Key.Ctrl('c')).effect())
        .isEqualTo(new Step.Effect.Leave(130, false));
    assertThat(table.on(new Event.Interrupted()).effect())
        .isEqualTo(new Step.Effect.Leave(130, false));
    assertThat(Farewell.of(table.ui())).startsWith("Jobs keep running");
  }

  @Test
  void helpIsTheKeyMap() {
    table.press("?");
    JobList.EMPTY
        .bindings()
        .all()
        .forEach(
            binding -> assertThat(allOfHelp()).contains(binding.keysShown(false), binding.label()));
    Commands.all().forEach(command -> assertThat(allOfHelp()).contains(":" + command.name()));
    assertThat(table.press(Key.Named.ESCAPE).ui().overlay()).isNull();
  }

  private String allOfHelp() {
    return table.press("g").text() + table.press("G").text();
  }

  @Test
  void filtersByWhatIsTypedAndEscClearsIt() {
    List<JobRow> jobs =
        List.of(
            Screens.row(3, JobStatus.FAILED, "broken"),
            Screens.row(2, JobStatus.COMPLETED, ""),
            Screens.row(1, JobStatus.FAILED, "broken too"));
    table.answer(jobs).press("/sta").press(Key.Named.TAB).press("fa").press(Key.Named.TAB);
    assertThat(table.row(-2)).startsWith(" /status:failed ");
    table.press(Key.Named.ENTER).answer(jobs).answer(jobs);
    assertThat(table.list().rows()).extracting(JobRow::id).containsExactly(3L, 1L);
    assertThat(table.row(1)).endsWith("/status:failed");
    assertThat(table.row(-2)).contains("rows 1–2 of 2");
    assertThat(table.press("j").list().selected()).isEqualTo(1);

    table.press("/").press(Key.Named.ESCAPE).press("status:fine").press(Key.Named.ENTER);
    assertThat(table.row(-2)).startsWith(" /status:fine");
    table.press(Key.Named.ESCAPE).press(Key.Named.ESCAPE).press(Key.Named.ESCAPE).answer(jobs);
    assertThat(table.list().rows()).hasSize(3);
    assertThat(table.row(1)).doesNotContain("/status");
  }

  @Test
  void anUnclearFilterSaysWhy() {
    assertThat(FilterText.parse("status:fine"))
        .isEqualTo(
            new FilterText.Parsed.Unclear(
                "there is no status 'fine'; there are queued, running, completed, failed,"
                    + " interrupted, waiting"));
    assertThat(FilterText.parse("run:x")).isInstanceOf(FilterText.Parsed.Unclear.class);
    assertThat(FilterText.parse("provider:")).isInstanceOf(FilterText.Parsed.Unclear.class);
    assertThat(FilterText.parse("provider:Claude status:failed,waiting run:7f3a a 50%"))
        .isEqualTo(
            new FilterText.Parsed.Filter(
                new JobFilter(
                    Set.of(JobStatus.FAILED, JobStatus.WAITING),
                    "claude",
                    UuidRange.ofPrefix("7f3a").orElseThrow(),
                    List.of("a", "50%"))));
  }

  @Test
  void marksJobsAndActsOnAllOfThem() {
    assertThat(table.press("R").row(-2)).contains("no job is marked; Space marks one");
    table.press("  ").press("j ");
    assertThat(table.row(-2)).contains("3 marked");
    assertThat(table.row(3)).startsWith("  ◆");
    assertThat(table.press("C").row(-2)).contains("Cancel 3 jobs? y/n");
    assertThat(table.press("n").row(-2)).contains("nothing was cancelled");
    assertThat(table.press("Ry").effect())
        .isEqualTo(new Step.Effect.Ask(new Request.Retry(List.of(97L, 99L, 100L))));
    assertThat(table.press(Key.Named.ESCAPE).row(-2)).contains("nothing is marked any more");
  }

  @Test
  void listsTheOldestFirstAndAnnouncesNewOnesBelow() {
    table.press("s").answer(Screens.completed(100)).answer(Screens.completed(100));
    assertThat(table.list().selected()).isEqualTo(1);
    assertThat(table.row(-2)).contains("rows 1–19 of 100   oldest first");
    table.answer(Screens.completed(103));
    assertThat(table.row(-2)).contains("▼ 3 newer (G)");
    table.press("G").answer(Screens.completed(103)).answer(Screens.completed(103));
    assertThat(table.list().selected()).isEqualTo(103);
    assertThat(table.row(-2)).doesNotContain("newer");
    assertThat(table.press("j").row(-2)).contains("this is the newest job");
  }

  @Test
  void runsTypedCommandsWithHistoryAndCompletion() {
    table.press(":ret").press(Key.Named.TAB).press("7 #8").press(Key.Named.ENTER);
    assertThat(table.effect()).isEqualTo(new Step.Effect.Ask(new Request.Retry(List.of(7L, 8L))));
    table.press(":").press(Key.Named.UP);
    assertThat(table.row(-2)).startsWith(" :retry 7 #8");
    table.press(Key.Named.ESCAPE).press("cancel 9").press(Key.Named.ENTER);
    assertThat(table.row(-2)).contains("Cancel job 9? y/n");
    table.press("n:nonsense").press(Key.Named.ENTER);
    assertThat(table.row(-2)).contains("there is no command :nonsense");
    table.press(":retry x").press(Key.Named.ENTER);
    assertThat(table.row(-2)).contains("type :retry and ids of jobs");
    table.press(":q").press(Key.Named.ENTER);
    assertThat(table.effect()).isEqualTo(new Step.Effect.Leave(0, true));
  }

  @Test
  void copiesTheIdAndRunsAgain() {
    assertThat(table.press("y").effect()).isEqualTo(new Step.Effect.Copy("100"));
    assertThat(table.row(-2)).endsWith("copied 100");
    assertThat(table.press("n").effect()).isEqualTo(new Step.Effect.Ask(new Request.Again(100)));
  }

  @Test
  void theMouseSelectsOpensAndScrolls() {
    assertThat(table.press("m").effect()).isEqualTo(new Step.Effect.Mouse(true));
    table.press(new Key.Mouse(Key.Mouse.Button.LEFT, 10, 5));
    assertThat(table.list().selected()).isEqualTo(98);
    table.press(new Key.Mouse(Key.Mouse.Button.WHEEL_DOWN, 10, 5));
    assertThat(table.list().selected()).isEqualTo(95);
    table.press(new Key.Mouse(Key.Mouse.Button.LEFT, 10, 5));
    table.press(new Key.Mouse(Key.Mouse.Button.LEFT, 10, 5));
    assertThat(table.ui().path()).hasSize(3);
  }
}
