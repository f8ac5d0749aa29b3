package dev.aidp.bench;

import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.outcome.Outcome;
import dev.aidp.core.run.RunSpec;
import dev.aidp.db.queue.EnqueueRun;
import dev.aidp.worker.engine.Worker;
import dev.aidp.worker.provider.Attempt;
import dev.aidp.worker.provider.Provider;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Runs that fan out and in, of agents that do nothing: what a node costs beside its work, in small
/// runs and in large ones.
final class RunScenario {
  private static final String PROVIDER = "noop";
  private static final int REPETITIONS = 5;

  private RunScenario() {}

  /// An agent's job that does nothing.
  private static final class NoopAgent implements Provider {
    @Override
    public String name() {
      return PROVIDER;
    }

    @Override
    public Outcome run(Attempt attempt) {
      return new Outcome.Completed(Figures.ofExit(0, "done"));
    }

    @Override
    public boolean leavesArtifacts() {
      return false;
    }
  }

  /// @param nodes of the large runs; the small ones have a tenth
  static Map<String, Object> run(BenchDatabase database, int nodes, int slots)
      throws InterruptedException, SQLException {
    // Both sizes run the same number of nodes, after a warm-up of their own.
    double[] small = millis(database, nodes / 10, 10 * REPETITIONS, slots);
    double[] large = millis(database, nodes, REPETITIONS, slots);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("nodes", nodes);
    figures.put("slots", slots);
    figures.put("enqueueMsPerNodeSmall", small[0]);
    figures.put("enqueueMsPerNodeLarge", large[0]);
    figures.put("msPerNodeSmall", small[1]);
    figures.put("msPerNodeLarge", large[1]);
    figures.put("largeToSmall", large[1] / small[1]);
    return figures;
  }

  /// Milliseconds a node: to queue it, and to run it.
  private static double[] millis(BenchDatabase database, int nodes, int repetitions, int slots)
      throws InterruptedException, SQLException {
    double queueing = 0;
    double running = 0;
    for (int i = -1; i < repetitions; i++) {
      BenchWorker.Ends ends = new BenchWorker.Ends(nodes, _ -> {}, _ -> {});
      long from = System.nanoTime();
      try (Connection connection = database.connections().open("bench")) {
        EnqueueRun.enqueue(connection, spec(nodes));
      }
      long queued = System.nanoTime();
      try (Worker _ =
          BenchWorker.start(
              BenchWorker.home(), database.connections(), slots, new NoopAgent(), ends)) {
        ends.await();
      }
      if (i >= 0) {
        queueing += (queued - from) / 1e6;
        running += (System.nanoTime() - queued) / 1e6;
      }
      long open =
          database.number("select count(*) from aidp.pipeline_runs where status <> 'completed'");
      if (open != 0) {
        throw new IllegalStateException(open + " runs are not completed");
      }
    }
    double all = (double) nodes * repetitions;
    return new double[] {queueing / all, running / all};
  }

  private static RunSpec spec(int count) {
    List<RunSpec.Node> nodes = new ArrayList<>();
    List<String> middle = new ArrayList<>();
    nodes.add(node("first", List.of()));
    for (int i = 0; i < count - 2; i++) {
      nodes.add(node("n" + i, List.of("first")));
      middle.add("n" + i);
    }
    nodes.add(node("last", middle));
    return new RunSpec(
        UUID.randomUUID(),
        "bench",
        null,
        null,
        "{}",
        null,
        new JobSpec.Place(Path.of("/tmp"), "bench", null),
        null,
        nodes);
  }

  private static RunSpec.Node node(String id, List<String> needs) {
    JobSpec job =
        new JobSpec(
            "bench/" + id,
            id,
            null,
            new JobSpec.Work(
                PROVIDER, null, "nothing", List.of(), Permissions.EDIT, List.of(), "bench"),
            new JobSpec.Place(Path.of("/tmp"), "bench", null),
            new JobSpec.Limits(1, 3, null, null, true),
            new JobSpec.Schedule(0, null, null),
            null,
            List.of(),
            Map.of());
    return new RunSpec.Node(
        job, "{\"id\":\"" + id + "\",\"type\":\"agent\",\"prompt\":\"nothing\"}", needs);
  }
}
