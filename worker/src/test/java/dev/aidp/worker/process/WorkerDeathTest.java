package dev.aidp.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A worker in another JVM dies, and its job with it.
class WorkerDeathTest {
  @TempDir Path directory;
  private final ExecutionMarker marker = Jobs.marker();

  private Process worker(String script) throws Exception {
    return new ProcessBuilder(
            OwnSession.ofThisHost()
                .leader(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProgram.class.getName(),
                        directory.toString(),
                        marker.value(),
                        script)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void nothingSurvivesAKilledWorker() throws Exception {
    Process worker = worker(StopTest.TREE + "wait");
    List<Long> pids = new ArrayList<>();
    try (BufferedReader out = worker.inputReader()) {
      for (int i = 0; i < StopTest.TREE_SIZE + 1; i++) {
        pids.add(Long.parseLong(out.readLine()));
      }
    }
    assertThat(pids).allMatch(Jobs::isAlive);
    long killedAt = System.nanoTime();
    worker.destroyForcibly();
    Jobs.until(
        "the end of the tree and the guardian", () -> pids.stream().noneMatch(Jobs::isAlive));
    assertThat(Jobs.marked(marker)).isEmpty();
    Duration taken = Duration.ofNanos(System.nanoTime() - killedAt);
    System.out.println("nothing left after " + taken.toMillis() + " ms");
  }

  @Test
  void theTerminalsSignalsDoNotReachTheJob() throws Exception {
    // A shell starts what it puts into the background with INT ignored, and so do its children.
    assumeThat(ignoresInterrupts()).as("INT is ignored by whoever started the tests").isFalse();
    Process worker =
        worker("trap 'echo got INT' INT; echo $$; while [ ! -e stop ]; do sleep 0.02; done");
    try (BufferedReader out = worker.inputReader()) {
      long guardian = Long.parseLong(out.readLine());
      long job = Long.parseLong(out.readLine());
      Process kill =
          new ProcessBuilder("kill", "-INT", "--", "-" + worker.pid()).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
      assertThat(worker.waitFor(Jobs.LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      // The worker died of it; the job of nothing but the guardian, after that.
      assertThat(out.readLine()).isNull();
      Jobs.until("their end", () -> !Jobs.isAlive(job) && !Jobs.isAlive(guardian));
    }
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String mask =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElse("SigIgn:\t0")
            .substring("SigIgn:".length())
            .strip();
    return (Long.parseUnsignedLong(mask, 16) & 2) != 0;
  }
}
