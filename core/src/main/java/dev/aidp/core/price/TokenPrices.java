package dev.aidp.core.price;

import dev.aidp.core.job.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Prices of one model, in US dollars per million tokens.
///
/// @param cached of input that is read from a cache
public record TokenPrices(BigDecimal input, BigDecimal output, BigDecimal cached) {
  private static final int SCALE = 6;
  private static final int MILLION = 6;

  public TokenPrices {
    if (input.signum() < 0 || output.signum() < 0 || cached.signum() < 0) {
      throw new IllegalArgumentException("negative price");
    }
  }

  /// What the tokens cost, in US dollars, rounded up to a millionth. What is written to a cache
  /// counts as other input.
  public BigDecimal cost(Usage usage) {
    long fresh = Math.max(0, usage.inputTokens() - usage.cachedTokens());
    return input
        .multiply(BigDecimal.valueOf(fresh))
        .add(cached.multiply(BigDecimal.valueOf(usage.cachedTokens())))
        .add(output.multiply(BigDecimal.valueOf(usage.outputTokens())))
        .movePointLeft(MILLION)
        .setScale(SCALE, RoundingMode.CEILING);
  }
}
