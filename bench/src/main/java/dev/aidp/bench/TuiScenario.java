package dev.aidp.bench;

import dev.aidp.cli.tui.JobsScreen;
import dev.aidp.cli.tui.Options;
import dev.aidp.cli.tui.Outside;
import dev.aidp.cli.tui.data.Catalog;
import dev.aidp.cli.tui.data.Done;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;

/// The live screens over many jobs and one long log, on a terminal in memory: how soon a key shows,
/// what it writes, what being idle costs, and whether keys still answer while a log runs.
final class TuiScenario {
  private static final int KEYS = 300;
  private static final long PAUSE_MILLIS = 40;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int IDLE_SECONDS = 10;
  private static final int FOLLOW_SECONDS = 10;
  private static final int JOBS_PER_FAILURE = 25_000;
  private static final int LINES_PER_SECOND = 10_000;
  private static final String ESCAPE = "\033";

  private final BenchDatabase database;
  private final WrittenBytes written = new WrittenBytes();
  private final LineDisciplineTerminal terminal;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  private TuiScenario(BenchDatabase database) throws IOException {
    this.database = database;
    terminal =
        new LineDisciplineTerminal("bench", "xterm-256color", written, StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
  }

  static Map<String, Object> run(BenchDatabase database, int jobs)
      throws InterruptedException, IOException {
    return new TuiScenario(database).measure(jobs);
  }

  private Map<String, Object> measure(int jobs) throws InterruptedException, IOException {
    fill(jobs);
    long from = System.nanoTime();
    CompletableFuture<Integer> screens = CompletableFuture.supplyAsync(this::screens);
    screens.exceptionally(failure -> {
      written.fail(failure);
      return 1;
    });
    written.await("rows 1", LIMIT);
    figures.put("jobs", jobs);
    figures.put("firstFrameMs", millis(from));
    keys("move", "j");
    keys("page", "\033[6~");
    filter(jobs / JOBS_PER_FAILURE);
    idle();
    follow();
    type("\003");
    try {
      screens.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the screens ended", e.getCause());
    }
    return figures;
  }

  private void fill(int jobs) {
    database.execute(
        """
        insert into aidp.jobs (name, provider, prompt, status, max_attempts, completed_at, error, executions)
        select 'job ' || i, case when i %% 3 = 0 then 'shell' else 'claude' end, 'do it',
               case when i %% %2$d = 0 then 'failed' else 'completed' end, 1, now(),
               case when i %% %2$d = 0 then 'exit 1' end, 1
        from generate_series(1, %1$d) i;
        insert into aidp.executions (job_id, attempt, id, status, started_at) values (%1$d, 1, 1, 'completed', now());
        """
            .formatted(jobs, JOBS_PER_FAILURE));
    log(jobs, 1, jobs);
    database.execute("vacuum analyze aidp.jobs, aidp.executions, aidp.job_logs");
  }

  private void log(int job, int first, int last) {
    database.execute(
        """
        insert into aidp.job_logs (job_id, execution_id, seq, timestamp, level, category, message)
        select %d, 1, i, now(), case when i %% 100000 = 0 then 'error' else 'info' end, 'agent', 'line ' || i || ' of a long log'
        from generate_series(%d, %d) i
        """
            .formatted(job, first, last));
  }

  private int screens() {
    Outside outside =
        new Outside() {
          @Override
          public void ensureWorker() {
            // Nothing is queued.
          }

          @Override
          public String page(long jobId, int attempt) {
            return "";
          }

          @Override
          public String edit(String name) {
            return "";
          }
        };
    Catalog catalog =
        new Catalog() {
          @Override
          public List<PromptFile> prompts() {
            return List.of();
          }

          @Override
          public List<PipelineFile> pipelines() {
            return List.of();
          }

          @Override
          public WorkflowSteps workflow() {
            return new WorkflowSteps(List.of(), "");
          }
        };
    return JobsScreen.on(
        terminal,
        database.connections(),
        _ -> Done.of("done"),
        catalog,
        outside,
        new Options(true, false, false, false));
  }

  /// From the key to the first byte of its frame, and how many bytes that has.
  private void keys(String name, String key) throws InterruptedException, IOException {
    double[] millis = new double[KEYS];
    long[] bytes = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      long before = written.count();
      millis[i] = answer(key);
      Thread.sleep(PAUSE_MILLIS);
      bytes[i] = written.count() - before;
    }
    Arrays.sort(millis);
    Arrays.sort(bytes);
    figures.put(name + "P50Ms", millis[KEYS / 2]);
    figures.put(name + "P99Ms", millis[KEYS * 99 / 100]);
    figures.put(name + "BytesP50", bytes[KEYS / 2]);
    figures.put(name + "BytesMax", bytes[KEYS - 1]);
  }

  private double answer(String key) throws InterruptedException, IOException {
    long before = written.count();
    long from = System.nanoTime();
    type(key);
    written.awaitMore(before, LIMIT);
    return millis(from);
  }

  private void filter(int failed) throws InterruptedException, IOException {
    long from = System.nanoTime();
    written.forget();
    type("/status:failed\r");
    written.await("of " + failed, LIMIT);
    figures.put("rareFilterMs", millis(from));
    written.forget();
    type(ESCAPE);
    written.await("rows 1", LIMIT);
  }

  private void idle() throws InterruptedException {
    Thread.sleep(2_000);
    long bytes = written.count();
    Duration cpu = cpu();
    Thread.sleep(1_000L * IDLE_SECONDS);
    figures.put("idleBytes", written.count() - bytes);
    figures.put("idleCpuPercent", cpu().minus(cpu).toMillis() / (10.0 * IDLE_SECONDS));
  }

  private void follow() throws InterruptedException, IOException {
    int job = (int) database.number("select max(id) from aidp.jobs");
    int last = (int) database.number("select max(seq) from aidp.job_logs where execution_id = 1");
    type("g");
    Thread.sleep(500);
    written.forget();
    long from = System.nanoTime();
    type("\r");
    written.await("follow on", LIMIT);
    figures.put("openLogMs", millis(from));
    int batch = LINES_PER_SECOND / 10;
    double[] millis = new double[10 * FOLLOW_SECONDS];
    long heap = heapAfterCollection();
    for (int i = 0; i < millis.length; i++) {
      long due = System.nanoTime() + 100_000_000L;
      log(job, last + 1, last + batch);
      last += batch;
      millis[i] = answer("t");
      Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    }
    figures.put("heapGrowthKb", (heapAfterCollection() - heap) / 1024);
    Arrays.sort(millis);
    figures.put("followedLines", millis.length * batch);
    figures.put("followKeyP99Ms", millis[millis.length * 99 / 100]);
    figures.put("followKeyMaxMs", millis[millis.length - 1]);
  }

  private static long heapAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void type(String keys) throws IOException {
    terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double millis(long fromNanos) {
    return (System.nanoTime() - fromNanos) / 1e6;
  }
}
