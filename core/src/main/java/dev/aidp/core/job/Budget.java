package dev.aidp.core.job;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// A limit of cost and of tokens.
///
/// @param usd null: any cost
/// @param tokens input, cached input included, and output; null: any number
public record Budget(@Nullable BigDecimal usd, @Nullable Long tokens) {
  public static final Budget NONE = new Budget(null, null);

  public Budget {
    if ((usd != null && usd.signum() < 0) || (tokens != null && tokens < 0)) {
      throw new IllegalArgumentException("a budget is not negative");
    }
  }

  public boolean isNone() {
    return usd == null && tokens == null;
  }

  /// @return which of the limits is reached, with the figures; null if none is
  public @Nullable String reached(Spent spent) {
    if (usd != null && spent.usd().compareTo(usd) >= 0) {
      return "%s of %s are spent".formatted(dollars(spent.usd()), dollars(usd));
    }
    if (tokens != null && spent.tokens() >= tokens) {
      return "%d of %d tokens are used".formatted(spent.tokens(), tokens);
    }
    return null;
  }

  /// `$1.50`, and up to six digits behind the point where there are more.
  public static String dollars(BigDecimal usd) {
    BigDecimal shown = usd.setScale(6, RoundingMode.HALF_UP).stripTrailingZeros();
    return "$" + (shown.scale() < 2 ? shown.setScale(2) : shown).toPlainString();
  }
}
