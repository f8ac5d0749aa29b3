package dev.aidp.cli.command;

import dev.aidp.cli.job.Usage;
import dev.aidp.core.job.Budget;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that give a job that ended another budget.
final class BudgetOptions {
  @Option(
      names = "--max-cost",
      paramLabel = "USD",
      description = "What it may cost from now on, the earlier attempts included")
  @Nullable BigDecimal maxCost;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Tokens that it may use from now on, the earlier attempts included")
  @Nullable Long maxTokens;

  /// @return null if neither was given
  @Nullable Budget budget() {
    if ((maxCost != null && maxCost.signum() == 0) || (maxTokens != null && maxTokens <= 0)) {
      throw new Usage("a budget of nothing lets nothing run", "Give more, such as --max-cost 2.50");
    }
    return maxCost == null && maxTokens == null ? null : new Budget(maxCost, maxTokens);
  }
}
