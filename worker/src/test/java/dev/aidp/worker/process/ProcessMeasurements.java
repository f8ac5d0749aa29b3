package dev.aidp.worker.process;

import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What supervision costs, beside a bare start of the same program in the same run. Run by hand:
/// `java -cp worker/target/test-classes:… dev.aidp.worker.process.ProcessMeasurements`
final class ProcessMeasurements {
  private ProcessMeasurements() {}

  static void main() throws Exception {
    Path scratch = Files.createTempDirectory("measure");
    try (ProcessSupervisor supervisor = ProcessSupervisor.open(scratch)) {
      Callable<Integer> bare =
          () ->
              new ProcessBuilder("/bin/true")
                  .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                  .start()
                  .waitFor();
      Callable<Integer> supervised =
          () -> supervisor.start(Jobs.spec(scratch, "/bin/true"), line -> {}).await();
      one(100, bare);
      one(100, supervised);
      for (int round = 0; round < 3; round++) {
        report("bare, one after another", 300, one(300, bare));
        report("supervised, one after another", 300, one(300, supervised));
        report("bare, 100 at once", 1000, many(1000, bare));
        report("supervised, 100 at once", 1000, many(1000, supervised));
      }
    } finally {
      Files.deleteIfExists(scratch);
    }
    lines();
  }

  private static long one(int count, Callable<Integer> run) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      run.call();
    }
    return System.nanoTime() - start;
  }

  private static long many(int count, Callable<Integer> run) throws Exception {
    long start = System.nanoTime();
    ExecutorService slots = Executors.newFixedThreadPool(100, Thread.ofVirtual().factory());
    try (slots) {
      List<Future<Integer>> runs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        runs.add(slots.submit(run));
      }
      for (Future<Integer> each : runs) {
        each.get();
      }
    }
    return System.nanoTime() - start;
  }

  private static void lines() {
    byte[] chunk =
        "a line of about forty characters, short\n".repeat(800).getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 3; round++) {
      long[] count = new long[1];
      LineSplitter splitter = new LineSplitter(1 << 20, (text, dropped) -> count[0]++);
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < 1250; i++) {
        splitter.feed(chunk, 0, chunk.length);
      }
      splitter.finish();
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      System.out.printf(Locale.ROOT, "%,d lines split in %d ms CPU%n", count[0], nanos / 1_000_000);
    }
  }

  private static void report(String what, int count, long nanos) {
    System.out.printf(
        Locale.ROOT,
        "%-32s %.2f ms each, %.0f/s%n",
        what,
        nanos / 1e6 / count,
        count * 1e9 / nanos);
  }
}
