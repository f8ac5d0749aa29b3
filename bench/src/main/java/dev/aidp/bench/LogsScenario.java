package dev.aidp.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.aidp.worker.artifacts.ArtifactsFollower;
import dev.aidp.worker.artifacts.RunArtifacts;
import dev.aidp.worker.engine.Worker;
import dev.aidp.worker.provider.ShellProvider;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/// A command that prints lines as fast as it can: how fast they are stored, with the artifacts
/// beside, and what that does to the worker's memory.
final class LogsScenario {
  private static final long MIB = 1 << 20;

  private LogsScenario() {}

  /// Heap after a collection.
  private record Heap(long nanos, long bytes) {}

  static Map<String, Object> run(BenchDatabase database, int lines)
      throws InterruptedException, IOException {
    Path home = BenchWorker.home();
    Path workspace = Files.createDirectory(home.resolve("workspace"));
    ConcurrentLinkedQueue<Heap> heaps = new ConcurrentLinkedQueue<>();
    watchCollections(heaps);
    BenchWorker.Ends ends = new BenchWorker.Ends(1, _ -> {}, _ -> {});
    long from = System.nanoTime();
    double seconds;
    try (ArtifactsFollower artifacts =
        new ArtifactsFollower(
            database.connections(), new RunArtifacts("bench"), LogsScenario::warn)) {
      artifacts.start();
      enqueue(database, workspace, lines);
      try (Worker _ =
          BenchWorker.start(
              home, database.connections(), 1, new ShellProvider(), ends.beside(artifacts))) {
        ends.await();
        seconds = (System.nanoTime() - from) / 1e9;
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("lines", lines);
    figures.put("seconds", seconds);
    figures.put("perSecond", Math.round(lines / seconds));
    figures.put("stored", database.number(STORED + "where category = 'node'"));
    figures.put(
        "doubledOrMissingSeq",
        database.number(
            "select count(*) - count(distinct seq) + max(seq) - count(*) from aidp.job_logs"));
    figures.put("inArtifacts", linesOf(workspace));
    putHeap(figures, heaps, from, seconds);
    figures.put("peakRssMiB", Memory.residentKib(ProcessHandle.current().pid(), "VmHWM") / 1024);
    return figures;
  }

  private static final String STORED = "select count(*) from aidp.job_logs ";

  private static void warn(String what) {
    System.err.println(what);
  }

  private static void enqueue(BenchDatabase database, Path workspace, int lines) {
    database.execute(
        """
        with made as (
          insert into aidp.jobs (name, provider, prompt, max_attempts, workspace, workspace_identity, options)
          values ('bench', 'shell', 'seq %d', 1, '%s', 'bench', '{"environment": "bench"}')
          returning id, provider, priority
        )
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select '', provider, priority, clock_timestamp(), id from made
        """
            .formatted(lines, workspace));
  }

  private static void watchCollections(ConcurrentLinkedQueue<Heap> heaps) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, _) -> {
                GarbageCollectionNotificationInfo info =
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData());
                long used =
                    info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                        .filter(pool -> isHeap(pool.getKey()))
                        .map(Map.Entry::getValue)
                        .mapToLong(MemoryUsage::getUsed)
                        .sum();
                heaps.add(new Heap(System.nanoTime(), used));
              },
              notification ->
                  notification
                      .getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
              null);
    }
  }

  private static boolean isHeap(String pool) {
    return pool.contains("Eden")
        || pool.contains("Survivor")
        || pool.contains("Tenured")
        || pool.contains("Old");
  }

  /// Flat means: no more at the end than in the first half.
  private static void putHeap(
      Map<String, Object> figures, ConcurrentLinkedQueue<Heap> heaps, long from, double seconds) {
    long half = from + (long) (seconds / 2 * 1e9);
    figures.put(
        "heapFirstHalfMiB",
        heaps.stream().filter(heap -> heap.nanos() < half).mapToLong(Heap::bytes).max().orElse(0)
            / MIB);
    figures.put("heapMaxMiB", heaps.stream().mapToLong(Heap::bytes).max().orElse(0) / MIB);
    figures.put("collections", heaps.size());
  }

  private static long linesOf(Path workspace) throws IOException {
    try (var runs = Files.newDirectoryStream(workspace.resolve(".pipeline-runs"), "*-*");
        var lines = Files.lines(runs.iterator().next().resolve("logs.jsonl"))) {
      return lines.filter(line -> line.contains("\"category\":\"node\"")).count();
    }
  }
}
