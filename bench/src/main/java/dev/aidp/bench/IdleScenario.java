package dev.aidp.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a worker of the program itself takes that has nothing to do.
final class IdleScenario {
  private static final long SETTLE_SECONDS = 15;
  private static final long MEASURE_SECONDS = 45;

  private static final String TRANSACTIONS =
      """
      select xact_commit + xact_rollback from pg_stat_database where datname = current_database()
      """;

  private IdleScenario() {}

  /// Linux alone tells the memory.
  static Map<String, Object> run(BenchDatabase database) throws InterruptedException, IOException {
    String launcher = System.getProperty("aidp.launcher");
    if (launcher == null) {
      throw new IllegalStateException("start it by bench/run");
    }
    ProcessBuilder builder = new ProcessBuilder(launcher, "worker");
    builder.environment().put("AIDP_DATABASE_URL", database.address().toUri());
    builder.environment().put("AIDP_HOST", "bench");
    File log = Files.createTempFile("aidp-bench-idle", ".log").toFile();
    Process worker = builder.redirectErrorStream(true).redirectOutput(log).start();
    try {
      while (database.number("select count(*) from aidp.workers") == 0) {
        if (!worker.isAlive()) {
          throw new IllegalStateException("the worker ended: see " + log);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      long before = database.number(TRANSACTIONS);
      long from = System.nanoTime();
      TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
      long queries = database.number(TRANSACTIONS) - before;
      double seconds = (System.nanoTime() - from) / 1e9;
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("seconds", seconds);
      figures.put("queriesPerSecond", queries / seconds);
      figures.put("rssMiB", Memory.residentKib(worker.pid(), "VmRSS") / 1024);
      figures.put("peakRssMiB", Memory.residentKib(worker.pid(), "VmHWM") / 1024);
      return figures;
    } finally {
      worker.destroy();
      worker.waitFor();
    }
  }
}
