package dev.aidp.worker.engine;

import dev.aidp.core.job.Spent;
import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import dev.aidp.core.price.TokenPrices;
import dev.aidp.db.queue.ReadSpent.Others;
import dev.aidp.worker.price.SpendingRules;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one execution has used so far, and what that costs. Thread-safe.
final class Spending {
  private final String provider;
  private final InstantSource clock;
  private SpendingRules rules = SpendingRules.NONE;
  private @Nullable String model;
  private Usage usage = Usage.NONE;
  private boolean changed;
  private SpendingLimits limits = SpendingLimits.NONE;
  private Others others = Others.NONE;
  private @Nullable String reached;
  private Runnable whenReached = () -> {};

  /// @param model that was asked for; null: the agent's default
  Spending(String provider, @Nullable String model, InstantSource clock) {
    this.provider = provider;
    this.model = model;
    this.clock = clock;
  }

  synchronized void rules(SpendingRules given) {
    rules = given;
  }

  /// @param beside what has been spent beside this execution
  /// @param called once, when a limit is reached, on whatever thread finds it out
  /// @return which limit is reached already; null if none is
  synchronized @Nullable String limit(SpendingLimits given, Others beside, Runnable called) {
    limits = given;
    others = beside;
    whenReached = called;
    reached = limits.reached(others, own());
    return reached;
  }

  synchronized SpendingLimits limits() {
    return limits;
  }

  /// What others have spent meanwhile.
  void others(Others beside) {
    Runnable called;
    synchronized (this) {
      others = beside;
      called = look();
    }
    called.run();
  }

  /// Which limit was reached, with the figures of that moment; null if none was.
  synchronized @Nullable String reached() {
    return reached;
  }

  /// What is left of the narrowest limit of cost; null if there is none.
  synchronized @Nullable BigDecimal leftUsd() {
    return limits.leftUsd(others);
  }

  private Runnable look() {
    if (reached != null) {
      return () -> {};
    }
    reached = limits.reached(others, own());
    return reached == null ? () -> {} : whenReached;
  }

  private Spent own() {
    BigDecimal cost = limits.isNone() ? null : estimate(usage);
    return new Spent(
        cost == null ? BigDecimal.ZERO : cost, usage.inputTokens() + usage.outputTokens());
  }

  /// @param reported the model that answers, as the agent calls it; null: it did not say
  /// @param soFar all that the execution has used
  void used(@Nullable String reported, Usage soFar) {
    Runnable called;
    synchronized (this) {
      model = reported == null || reported.isBlank() ? model : reported;
      if (soFar.equals(usage)) {
        return;
      }
      usage = soFar;
      changed = true;
      called = look();
    }
    called.run();
  }

  synchronized Usage usage() {
    return usage;
  }

  /// Null if it is not known.
  synchronized @Nullable BigDecimal estimate() {
    return estimate(usage);
  }

  /// Whether there is anything new since the last call.
  synchronized boolean takeChange() {
    boolean was = changed;
    changed = false;
    return was;
  }

  private @Nullable BigDecimal estimate(Usage tokens) {
    return prices().map(prices -> prices.cost(tokens)).orElse(null);
  }

  private Optional<TokenPrices> prices() {
    String name = model;
    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return name == null ? Optional.empty() : rules.find(provider, name, day);
  }

  /// The figures with what the provider left out: usage from what was streamed, cost from prices.
  synchronized Figures completed(Figures figures) {
    Usage total = figures.usage().equals(Usage.NONE) ? usage : figures.usage();
    BigDecimal cost = figures.costUsd();
    boolean estimated = figures.costEstimated();
    if (cost == null && !total.equals(Usage.NONE)) {
      cost = estimate(total);
      estimated = cost != null;
    }
    return new Figures(
        figures.exitCode(), figures.result(), figures.sessionId(), total, cost, estimated);
  }

  /// Why a cost is not known, in words for the log.
  synchronized String unknownPrice() {
    return model == null
        ? "the cost is not known, and does not count against a budget: "
            + provider
            + " did not say which model it used; name one with"
            + " --model"
        : "the cost is not known, and does not count against a budget: there are no prices for the model "
            + model
            + "; give them in aidp.yml under providers: "
            + provider
            + ": prices";
  }
}
