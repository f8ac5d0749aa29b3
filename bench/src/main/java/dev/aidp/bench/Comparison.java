package dev.aidp.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The same scenario here and with graphile-worker, in turn on one server, as ratios pair by pair:
/// what holds on a machine whose speed drifts.
final class Comparison {
  private static final int PAIRS = 5;

  private Comparison() {}

  /// @return ratios above 1 are in our favour
  static Map<String, Object> drain(@Nullable String url, int jobs, int slots)
      throws InterruptedException, SQLException {
    GraphileWorker peer = GraphileWorker.install(sources());
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (BenchDatabase server = BenchDatabase.open(url, false)) {
      for (int i = 0; i < PAIRS; i++) {
        try (BenchDatabase own = server.another(true);
            BenchDatabase other = server.another(false)) {
          double mine = GraphileWorker.number(Scenarios.drain(own, jobs, slots), "perSecond");
          JsonNode figures = peer.measure("drain", other.address().toUri(), jobs);
          double its = GraphileWorker.number(figures, "perSecond");
          ours.add(mine);
          theirs.add(its);
          ratios.add(mine / its);
        }
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobs", jobs);
    figures.put("pairs", PAIRS);
    figures.put("perSecond", median(ours));
    figures.put("graphileWorkerPerSecond", median(theirs));
    figures.put("ratioMin", Collections.min(ratios));
    figures.put("ratioMedian", median(ratios));
    figures.put("ratioMax", Collections.max(ratios));
    return figures;
  }

  /// @return ratios below 1 are in our favour
  static Map<String, Object> latency(@Nullable String url, int jobs, int slots)
      throws InterruptedException, SQLException {
    GraphileWorker peer = GraphileWorker.install(sources());
    Map<String, List<Double>> all = new LinkedHashMap<>();
    try (BenchDatabase server = BenchDatabase.open(url, false)) {
      for (int i = 0; i < PAIRS; i++) {
        try (BenchDatabase own = server.another(true);
            BenchDatabase other = server.another(false)) {
          Map<String, Object> mine = Scenarios.latency(own, jobs, slots);
          JsonNode its = peer.measure("latency", other.address().toUri(), jobs);
          for (String key : List.of("p50Ms", "p99Ms")) {
            add(all, key, GraphileWorker.number(mine, key));
            add(all, "graphileWorker" + key, GraphileWorker.number(its, key));
            add(
                all,
                "ratio" + key,
                GraphileWorker.number(mine, key) / GraphileWorker.number(its, key));
          }
        }
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("jobs", jobs);
    figures.put("pairs", PAIRS);
    all.forEach((key, values) -> figures.put(key, median(values)));
    return figures;
  }

  private static void add(Map<String, List<Double>> all, String key, double value) {
    all.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
  }

  private static Path sources() {
    return Path.of(System.getProperty("aidp.checkout", "."), "bench", "peers", "graphile-worker");
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
