package dev.aidp.bench;

import dev.aidp.db.connect.Connections;
import dev.aidp.db.connect.DatabaseAddress;
import dev.aidp.worker.engine.Worker;
import dev.aidp.worker.engine.WorkerEvents;
import dev.aidp.worker.process.Stray;
import dev.aidp.worker.process.Strays;
import dev.aidp.worker.provider.ShellProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Short commands, run by worker processes that are killed at random (`kill -9`) and replaced:
/// every job must complete exactly once, with nothing left behind.
final class ChaosScenario {
  /// The first argument of a worker process.
  static final String WORKER = "chaos-worker";

  private static final int WORKERS = 4;
  private static final Duration STRAY_LIMIT = Duration.ofSeconds(10);

  private ChaosScenario() {}

  static Map<String, Object> run(BenchDatabase database, int jobs, int slots)
      throws InterruptedException, IOException {
    Path home = BenchWorker.home();
    Path locks = Files.createDirectory(home.resolve("locks"));
    Path overlaps = Files.createDirectory(home.resolve("overlaps"));
    enqueue(database, jobs, locks, overlaps);
    Random random = new Random();
    List<Process> workers = new ArrayList<>();
    int kills = 0;
    long from = System.nanoTime();
    try {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(startWorker(home, database.address(), slots));
      }
      while (database.number("select count(*) from aidp.jobs where status <> 'completed'") > 0) {
        TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(4_000));
        int which = random.nextInt(WORKERS);
        workers.get(which).destroyForcibly().waitFor();
        workers.set(which, startWorker(home, database.address(), slots));
        kills++;
      }
    } finally {
      for (Process worker : workers) {
        worker.destroy();
      }
      for (Process worker : workers) {
        worker.waitFor();
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    double seconds = (System.nanoTime() - from) / 1e9;
    figures.put("jobs", jobs);
    figures.put("workers", WORKERS);
    figures.put("slots", slots);
    figures.put("seconds", seconds);
    figures.put("perSecond", Math.round(jobs / seconds));
    figures.put("kills", kills);
    figures.put("executions", database.number("select count(*) from aidp.executions"));
    figures.put("maxCrashCount", database.number("select max(crash_count) from aidp.jobs"));
    Map<String, Long> violations = violations(database, overlaps);
    figures.putAll(violations);
    figures.put("ok", violations.values().stream().allMatch(count -> count == 0));
    return figures;
  }

  /// A command holds a lock for as long as it or a child of it lives.
  private static void enqueue(BenchDatabase database, int jobs, Path locks, Path overlaps) {
    database.execute(
        """
        with made as (
          insert into aidp.jobs (name, provider, prompt, max_attempts, max_crashes, workspace, workspace_identity, options)
          select 'bench', 'shell', format('flock -n %1$s/%%1$s sh -c "echo begin; sleep 0.0$((RANDOM %%%% 5)); echo end" || touch %2$s/%%1$s', n),
                 1, 1000000, '/tmp', 'bench', '{"environment": "bench"}'
          from generate_series(1, %3$d) n
          returning id, provider, priority
        )
        insert into aidp.ready (host, provider, priority, ready_at, job_id)
        select '', provider, priority, clock_timestamp(), id from made
        """
            .formatted(locks, overlaps, jobs));
  }

  /// Each must be 0.
  private static Map<String, Long> violations(BenchDatabase database, Path overlaps)
      throws InterruptedException, IOException {
    Map<String, Long> found = new LinkedHashMap<>();
    found.put(
        "notCompletedOnce",
        database.number(
            """
            select count(*) from aidp.jobs j
            where j.status <> 'completed'
               or (select count(*) from aidp.executions e where e.job_id = j.id and e.status = 'completed') <> 1
            """));
    found.put(
        "overlappingExecutions",
        database.number(
            """
            select count(*) from aidp.executions a
            join aidp.executions b on b.job_id = a.job_id and b.attempt = a.attempt + 1
            where b.started_at < a.completed_at
            """));
    try (var files = Files.list(overlaps)) {
      found.put("overlappingProcesses", files.count());
    }
    found.put(
        "logsWithGaps",
        database.number(
            """
            select count(*) from (
              select from aidp.job_logs group by execution_id
              having count(*) <> max(seq) or count(distinct seq) <> count(*)) broken
            """));
    found.put("leases", database.number("select count(*) from aidp.leases"));
    found.put("ready", database.number("select count(*) from aidp.ready"));
    found.put("processes", (long) strays(database).size());
    return found;
  }

  /// What is left of the jobs, once the guardians of the killed have had their time.
  private static List<Stray> strays(BenchDatabase database) throws InterruptedException {
    String id = database.text("select database_id::text from aidp.schema_info");
    long deadline = System.nanoTime() + STRAY_LIMIT.toNanos();
    List<Stray> left = new Strays().find(id);
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(100);
      left = new Strays().find(id);
    }
    return left;
  }

  private static Process startWorker(Path home, DatabaseAddress database, int slots)
      throws IOException {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String arguments = System.getProperty("aidp.args");
    if (arguments == null) {
      argv.addAll(List.of("-cp", System.getProperty("java.class.path")));
    } else {
      argv.add("@" + arguments);
    }
    argv.addAll(
        List.of(
            Main.class.getName(),
            WORKER,
            home.toString(),
            database.toUri(),
            String.valueOf(slots)));
    File log = home.resolve("workers.log").toFile();
    return new ProcessBuilder(argv)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  /// In the process of a worker: works until it is killed, or told to stop.
  static void work(String[] args) throws InterruptedException {
    WorkerEvents events =
        new WorkerEvents() {
          @Override
          public void problem(String what, @Nullable Throwable failure) {
            System.err.println(what);
          }
        };
    Worker worker =
        BenchWorker.start(
            Path.of(args[1]),
            Connections.to(DatabaseAddress.parse(args[2])),
            Integer.parseInt(args[3]),
            new ShellProvider(),
            events);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    worker.run(Duration.ofSeconds(30));
  }
}
