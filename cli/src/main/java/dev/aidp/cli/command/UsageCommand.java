package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.output.Table;
import dev.aidp.cli.session.Session;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.text.Durations;
import dev.aidp.db.read.SumUsage;
import dev.aidp.db.read.SumUsage.By;
import dev.aidp.db.read.SumUsage.Sum;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `aidp usage`.
@Command(
    name = "usage",
    description = {
      "Sum up tokens and cost.",
      "Piped: the key, executions, input, cached and output tokens, and US dollars, separated by tabs.",
      "Days are those of UTC; an execution counts on the day of its end."
    })
final class UsageCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--by",
      paramLabel = "provider|day|run",
      description = "What the sums are by (default provider)")
  By by = By.PROVIDER;

  @Option(
      names = "--since",
      paramLabel = "T|D",
      description = "Only what ended since a time, or not longer ago than this, such as 7d")
  @Nullable String since;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  UsageCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Instant from = since == null ? null : from(since);
    List<Sum> sums = session.database().call(connection -> SumUsage.by(connection, by, from));
    if (json) {
      ArrayNode array = Json.array();
      String key = by.name().toLowerCase(Locale.ROOT);
      sums.forEach(sum -> array.add(Json.object().put(key, shown(sum)).setAll(json(sum))));
      Json.print(session.console(), array);
      return 0;
    }
    boolean terminal = session.console().outIsTerminal();
    Table table =
        new Table(
            session.console(),
            by.name().toUpperCase(Locale.ROOT),
            "EXECUTIONS",
            "INPUT",
            "CACHED",
            "OUTPUT",
            "COST");
    sums.forEach(sum -> add(table, shown(sum), sum, terminal));
    if (terminal && sums.size() > 1) {
      add(table, "total", sums.stream().reduce(Sum::plus).orElseThrow(), true);
    }
    table.print();
    long unpriced = sums.stream().mapToLong(Sum::unpriced).sum();
    if (unpriced > 0) {
      session
          .console()
          .note(
              "the cost of "
                  + unpriced
                  + " executions is not known, for the prices of their models are not");
    }
    return 0;
  }

  private String shown(Sum sum) {
    return by == By.PROVIDER ? ProviderRef.of(sum.key()).name() : sum.key();
  }

  private static Instant from(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException _) {
      // Then it is a duration.
    }
    try {
      return Instant.now().minus(Durations.parse(text));
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new Usage(
          "'" + text + "' is neither a time nor a duration",
          "Write it like 2026-01-31T18:00:00Z, or like 7d");
    }
  }

  private static void add(Table table, String key, Sum sum, boolean terminal) {
    table
        .row()
        .add(key)
        .add(sum.executions())
        .add(sum.usage().inputTokens())
        .add(sum.usage().cachedTokens())
        .add(sum.usage().outputTokens())
        .add(terminal ? shownCost(sum) : plainCost(sum));
  }

  private static @Nullable String plainCost(Sum sum) {
    return sum.costUsd() == null ? null : sum.costUsd().toPlainString();
  }

  private static @Nullable String shownCost(Sum sum) {
    return sum.costUsd() == null
        ? null
        : Budget.dollars(sum.costUsd()) + (sum.costEstimated() ? " (estimated)" : "");
  }

  /// `1234 tokens in (500 cached), 99 out, $1.23 (estimated)`.
  static String text(Sum sum) {
    String cost = shownCost(sum);
    return "%d tokens in (%d cached), %d out%s"
        .formatted(
            sum.usage().inputTokens(),
            sum.usage().cachedTokens(),
            sum.usage().outputTokens(),
            cost == null ? "" : ", " + cost);
  }

  static ObjectNode json(Sum sum) {
    ObjectNode node = Json.object();
    node.put("executions", sum.executions());
    node.putObject("usage")
        .put("inputTokens", sum.usage().inputTokens())
        .put("outputTokens", sum.usage().outputTokens())
        .put("cachedTokens", sum.usage().cachedTokens());
    node.put("costUsd", sum.costUsd());
    node.put("costEstimated", sum.costEstimated());
    node.put("unpricedExecutions", sum.unpriced());
    return node;
  }
}
