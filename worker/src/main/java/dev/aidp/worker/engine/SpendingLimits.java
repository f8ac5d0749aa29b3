package dev.aidp.worker.engine;

import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Budgets;
import dev.aidp.core.job.Spent;
import dev.aidp.core.text.Timestamps;
import dev.aidp.db.queue.ReadSpent.Others;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an execution may spend, together with the others of its job, its run and its day.
///
/// @param day by all jobs of the workspace on one day in UTC
record SpendingLimits(Budgets budgets, Budget day) {
  static final SpendingLimits NONE = new SpendingLimits(Budgets.NONE, Budget.NONE);

  boolean isNone() {
    return budgets.isNone() && day.isNone();
  }

  /// Whether what others spend meanwhile counts.
  boolean areShared() {
    return !budgets.run().isNone() || !day.isNone();
  }

  /// @param own what the execution itself has spent
  /// @return which limit is reached, with the figures; null if none is
  @Nullable String reached(Others others, Spent own) {
    String job = budgets.job().reached(others.job().plus(own));
    if (job != null) {
      return "budget of the job: " + job;
    }
    String run = budgets.run().reached(others.run().plus(own));
    if (run != null) {
      return "budget of the run: " + run;
    }
    String today = day.reached(others.day().plus(own));
    return today == null
        ? null
        : "budget of the workspace for the day: %s; the next day begins at %s"
            .formatted(today, Timestamps.format(others.nextDay()));
  }

  /// What is left of the narrowest limit of cost; null if there is none.
  @Nullable BigDecimal leftUsd(Others others) {
    return Stream.of(
            left(budgets.job(), others.job()),
            left(budgets.run(), others.run()),
            left(day, others.day()))
        .filter(Objects::nonNull)
        .min(BigDecimal::compareTo)
        .orElse(null);
  }

  private static @Nullable BigDecimal left(Budget budget, Spent spent) {
    BigDecimal usd = budget.usd();
    return usd == null ? null : usd.subtract(spent.usd());
  }
}
