package dev.aidp.worker.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// What the tests of this package start, and how they wait for it.
final class Jobs {
  /// The one limit for everything that is waited for.
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final AtomicLong EXECUTIONS = new AtomicLong();

  private Jobs() {}

  static ExecutionMarker marker() {
    return new ExecutionMarker(
        UUID.randomUUID().toString(),
        EXECUTIONS.incrementAndGet(),
        UUID.randomUUID().toString().replace("-", ""));
  }

  static ProcessSpec spec(Path directory, String... argv) {
    return ProcessSpec.of(List.of(argv), environment(), directory, marker());
  }

  static ProcessSpec bash(Path directory, String script) {
    return spec(directory, "bash", "-c", script);
  }

  static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.remove(ExecutionMarker.VARIABLE);
    return environment;
  }

  /// Looks again and again until it is so: the system gives no signal for the end of a process that
  /// is no child.
  static void until(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Did not happen within " + LIMIT + ": " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  static List<Stray> marked(ExecutionMarker marker) {
    return new Strays()
        .find(marker.databaseId()).stream().filter(s -> s.marker().equals(marker)).toList();
  }

  static boolean isAlive(long pid) {
    return new LinuxProcessTable().startTicks(pid).isPresent();
  }

  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /// Keeps the lines in order and lets a test wait for the next.
  static final class Lines implements LineConsumer {
    private final BlockingQueue<OutputLine> lines = new LinkedBlockingQueue<>();

    @Override
    public void accept(OutputLine line) {
      lines.add(line);
    }

    String next() throws InterruptedException {
      OutputLine line = lines.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new AssertionError("No line within " + LIMIT);
      }
      return line.text();
    }

    long nextPid() throws InterruptedException {
      return Long.parseLong(next());
    }

    List<OutputLine> all() {
      return List.copyOf(lines);
    }

    List<String> texts(OutputLine.Source source) {
      return lines.stream().filter(l -> l.source() == source).map(OutputLine::text).toList();
    }
  }
}
