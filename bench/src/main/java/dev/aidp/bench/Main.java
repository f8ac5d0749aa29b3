package dev.aidp.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// `bench/run SCENARIO [--jobs N] [--slots S] [--database-url U] [--json]`: one JSON line, or the
/// same figures for people.
public final class Main {
  private static final String USAGE =
      """
      usage: bench/run SCENARIO [--jobs N] [--slots S] [--database-url U] [--json]
        drain, latency, held-xmin, logs, chaos, idle, run, tui
        compare-drain, compare-latency: graphile-worker beside it (see bench/README.md)
      """;

  private static final Set<String> SCENARIOS =
      Set.of(
          "drain",
          "latency",
          "held-xmin",
          "logs",
          "chaos",
          "idle",
          "run",
          "tui",
          "compare-drain",
          "compare-latency");

  private Main() {}

  public static void main(String[] args) throws InterruptedException, SQLException, IOException {
    if (args.length > 0 && args[0].equals(ChaosScenario.WORKER)) {
      ChaosScenario.work(args);
      return;
    }
    Arguments arguments = Arguments.of(args);
    if (arguments == null) {
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("scenario", arguments.scenario());
    figures.putAll(run(arguments));
    if (arguments.json()) {
      System.out.println(JsonMapper.shared().writeValueAsString(figures));
    } else {
      figures.forEach((key, value) -> System.out.println(key + "\t" + value));
    }
    if (Boolean.FALSE.equals(figures.get("ok"))) {
      System.exit(1);
    }
  }

  private static Map<String, Object> run(Arguments arguments)
      throws InterruptedException, SQLException, IOException {
    String url = arguments.databaseUrl();
    switch (arguments.scenario()) {
      case "compare-drain" -> {
        return Comparison.drain(url, arguments.jobs(20_000), arguments.slots(2_000));
      }
      case "compare-latency" -> {
        return Comparison.latency(url, arguments.jobs(1_000), arguments.slots(10));
      }
      default -> {
        try (BenchDatabase database = BenchDatabase.open(url, true)) {
          return run(arguments, database);
        }
      }
    }
  }

  private static Map<String, Object> run(Arguments arguments, BenchDatabase database)
      throws InterruptedException, SQLException, IOException {
    return switch (arguments.scenario()) {
      case "drain" -> Scenarios.drain(database, arguments.jobs(20_000), arguments.slots(2_000));
      case "latency" -> Scenarios.latency(database, arguments.jobs(1_000), arguments.slots(10));
      case "held-xmin" ->
          Scenarios.heldXmin(database, arguments.jobs(100_000), arguments.slots(2_000));
      case "logs" -> LogsScenario.run(database, arguments.jobs(1_000_000));
      case "chaos" -> ChaosScenario.run(database, arguments.jobs(10_000), arguments.slots(4));
      case "idle" -> IdleScenario.run(database);
      case "run" -> RunScenario.run(database, arguments.jobs(1_000), arguments.slots(16));
      case "tui" -> TuiScenario.run(database, arguments.jobs(1_000_000));
      default -> throw new IllegalArgumentException(arguments.scenario());
    };
  }

  /// What was asked for.
  private record Arguments(
      String scenario, int jobs, int slots, @Nullable String databaseUrl, boolean json) {

    static @Nullable Arguments of(String[] args) {
      if (args.length == 0 || !SCENARIOS.contains(args[0])) {
        return null;
      }
      int jobs = 0;
      int slots = 0;
      String url = null;
      boolean json = false;
      for (int i = 1; i < args.length; i++) {
        if (args[i].equals("--json")) {
          json = true;
        } else if (i + 1 == args.length) {
          return null;
        } else {
          String value = args[++i];
          switch (args[i - 1]) {
            case "--jobs" -> jobs = Integer.parseInt(value);
            case "--slots" -> slots = Integer.parseInt(value);
            case "--database-url" -> url = value;
            default -> {
              return null;
            }
          }
        }
      }
      return new Arguments(args[0], jobs, slots, url, json);
    }

    int jobs(int standard) {
      return jobs > 0 ? jobs : standard;
    }

    int slots(int standard) {
      return slots > 0 ? slots : standard;
    }
  }
}
