package dev.aidp.core.job;

import java.math.BigDecimal;

/// What executions have used, all together.
///
/// @param usd what is known of their cost; what is not known is nothing
/// @param tokens input, cached input included, and output
public record Spent(BigDecimal usd, long tokens) {
  public static final Spent NONE = new Spent(BigDecimal.ZERO, 0);

  public Spent plus(Spent other) {
    return new Spent(usd.add(other.usd), tokens + other.tokens);
  }
}
