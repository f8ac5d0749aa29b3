package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.worker.process.OutputLine.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing of a job outlives it.
class StopTest {
  /// Prints the pids of six processes, each in another way hard to find, and goes on.
  static final String TREE =
      """
      sleep 1001 & echo $!
      setsid sleep 1002 & echo $!
      (setsid nohup sleep 1003 >/dev/null 2>&1 </dev/null & echo $!)
      env -i sleep 1004 & echo $!
      bash -c 'trap "" TERM INT HUP; echo $$; while :; do sleep 1; done' &
      setsid bash -c '(exec </dev/null >/dev/null 2>&1; exec sleep 1006) & echo $!' &
      """;

  static final int TREE_SIZE = 6;
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir Path directory;
  private ProcessSupervisor supervisor;
  private final Jobs.Lines lines = new Jobs.Lines();

  @BeforeEach
  void open() {
    supervisor = ProcessSupervisor.open(directory);
  }

  @AfterEach
  void close() {
    supervisor.close();
  }

  private List<Long> treePids() throws InterruptedException {
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < TREE_SIZE; i++) {
      pids.add(lines.nextPid());
    }
    return pids;
  }

  private static void assertGone(ExecutionMarker marker, List<Long> pids) {
    assertThat(pids).noneMatch(Jobs::isAlive);
    assertThat(Jobs.marked(marker)).isEmpty();
  }

  @Test
  void endsTheWholeTree() throws Exception {
    ProcessSpec spec = Jobs.bash(directory, TREE + "wait; exit 3");
    JobProcess job = supervisor.start(spec, lines);
    List<Long> pids = treePids();
    assertThat(job.stop(SHORT)).isTrue();
    assertGone(spec.marker(), pids);
    assertThat(job.await()).isEqualTo(143);
  }

  @Test
  void endsWhatAnExitedJobLeftAndKeepsItsExitCode() throws Exception {
    ProcessSpec spec = Jobs.bash(directory, TREE + "sleep 0.1; exit 3");
    JobProcess job = supervisor.start(spec, lines);
    List<Long> pids = treePids();
    assertThat(job.await(Jobs.LIMIT)).hasValue(3);
    assertGone(spec.marker(), pids);
  }

  @Test
  void letsAJobCleanUpWithinTheGrace() throws Exception {
    JobProcess job =
        supervisor.start(
            Jobs.bash(
                directory,
                "trap 'sleep 0.3; echo cleaned; exit 5' TERM; echo ready;"
                    + " while :; do sleep 0.01; done"),
            lines);
    assertThat(lines.next()).isEqualTo("ready");
    assertThat(job.stop(Jobs.LIMIT)).isTrue();
    assertThat(job.await()).isEqualTo(5);
    assertThat(lines.texts(Source.STDOUT)).containsExactly("cleaned");
  }

  @Test
  void aLaterStopShortensTheGrace() throws Exception {
    JobProcess job =
        supervisor.start(
            Jobs.bash(directory, "trap '' TERM; echo ready; while :; do sleep 0.1; done"), lines);
    assertThat(lines.next()).isEqualTo("ready");
    Thread patient = Thread.ofVirtual().start(() -> stop(job, Duration.ofHours(1)));
    assertThat(job.stop(Duration.ZERO)).isTrue();
    assertThat(patient.join(Jobs.LIMIT)).isTrue();
    assertThat(job.await()).isEqualTo(137);
  }

  private static void stop(JobProcess job, Duration grace) {
    try {
      job.stop(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void readsWhatALeftoverWritesAtOnceAfterTheExit() throws Exception {
    for (int i = 0; i < 20; i++) {
      JobProcess job =
          supervisor.start(Jobs.bash(directory, "(sleep 0.05; echo late; echo err >&2) &"), lines);
      assertThat(job.await(Jobs.LIMIT)).hasValue(0);
    }
    assertThat(lines.texts(Source.STDOUT)).hasSize(20).containsOnly("late");
    assertThat(lines.texts(Source.STDERR)).hasSize(20).containsOnly("err");
  }

  @Test
  void endsALeftoverThatWritesForEver() throws Exception {
    for (int i = 0; i < 2; i++) {
      JobProcess job = supervisor.start(Jobs.bash(directory, "yes & exit 4"), line -> {});
      assertThat(job.await(Jobs.LIMIT)).hasValue(4);
    }
  }

  @Test
  void catchesAProcessThatFleesFromForkToFork() throws Exception {
    ProcessSpec spec =
        Jobs.bash(
            directory,
            // Ends by itself after a minute, should it not be caught.
            "hop() { trap '' TERM; sleep 0.005; [ $SECONDS -lt 60 ] && hop & };"
                + " for i in 1 2 3 4; do hop & done; echo ready; sleep 1000");
    JobProcess job = supervisor.start(spec, lines);
    assertThat(lines.next()).isEqualTo("ready");
    assertThat(job.stop(SHORT)).isTrue();
    for (int look = 0; look < 50; look++) {
      assertThat(Jobs.marked(spec.marker())).isEmpty();
    }
  }

  @Test
  void survivesTheDeathOfTheGuardian() throws Exception {
    long first = supervisor.guardianPid();
    JobProcess job = supervisor.start(Jobs.spec(directory, "sleep", "1000"), lines);
    assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();
    Jobs.until(
        "a new guardian", () -> supervisor.guardianPid() > 0 && supervisor.guardianPid() != first);
    assertThat(job.isRunning()).isTrue();
    assertThat(supervisor.start(Jobs.bash(directory, "exit 9"), lines).await()).isEqualTo(9);
    assertThat(job.stop(SHORT)).isTrue();
  }

  @Test
  void guardianIgnoresTermAndCarriesNoMarker() throws Exception {
    ProcessSpec spec = Jobs.spec(directory, "sleep", "1000");
    JobProcess job = supervisor.start(spec, lines);
    long guardian = supervisor.guardianPid();
    ProcessHandle.of(guardian).orElseThrow().destroy();
    assertThat(Jobs.marked(spec.marker())).extracting(Stray::pid).containsExactly(job.pid());
    assertThat(job.stop(SHORT)).isTrue();
    assertThat(supervisor.guardianPid()).isEqualTo(guardian);
    assertThat(Jobs.isAlive(guardian)).isTrue();
  }

  @Test
  void closeEndsWhatRuns() throws Exception {
    // Its children may be killed first: it must not end by itself because they did.
    ProcessSpec spec = Jobs.bash(directory, TREE + "wait; exec sleep 600");
    JobProcess job = supervisor.start(spec, lines);
    List<Long> pids = treePids();
    long guardian = supervisor.guardianPid();
    supervisor.close();
    supervisor.close();
    assertGone(spec.marker(), pids);
    assertThat(job.await()).isEqualTo(137);
    assertThat(Jobs.isAlive(guardian)).isFalse();
  }

  @Test
  void findsTheSameByPs() throws Exception {
    Path scratch = Files.createDirectory(directory.resolve("ps"));
    try (ProcessSupervisor other =
        ProcessSupervisor.open(
            scratch, OwnSession.byPerl(), new PsProcessTable(PsProcessTable.PROCPS))) {
      ProcessSpec spec = Jobs.bash(directory, TREE + "wait");
      JobProcess job = other.start(spec, lines);
      List<Long> pids = treePids();
      assertThat(job.stop(SHORT)).isTrue();
      assertGone(spec.marker(), pids);
      assertThat(job.await()).isEqualTo(143);
      assertThat(other.start(Jobs.bash(directory, "sleep 1000 & exit 6"), lines).await())
          .isEqualTo(6);
    }
  }

  @Test
  void keepsOffTheProcessesOfOtherJobs() throws Exception {
    JobProcess other = supervisor.start(Jobs.bash(directory, "sleep 1000"), lines);
    JobProcess job = supervisor.start(Jobs.bash(directory, "sleep 1000"), lines);
    assertThat(job.stop(SHORT)).isTrue();
    assertThat(other.isRunning()).isTrue();
    assertThat(other.stop(SHORT)).isTrue();
  }

  @Test
  void removesAnOldStdinFileOfACrash() throws IOException {
    Path old = Files.createFile(directory.resolve("stdin-old"));
    Path young = Files.createFile(directory.resolve("stdin-young"));
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    ProcessSupervisor.open(directory).close();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }
}
