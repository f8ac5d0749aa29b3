package dev.aidp.worker.price;

import dev.aidp.core.price.PriceTable;
import dev.aidp.core.price.TokenPrices;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the configuration of a workspace says about money at this moment.
///
/// @param perDayUsd what its jobs may cost on one day in UTC; null: any amount
/// @param prices by provider; they go before the public ones
public record SpendingRules(@Nullable BigDecimal perDayUsd, Map<String, PriceTable> prices) {
  public static final SpendingRules NONE = new SpendingRules(null, Map.of());

  public SpendingRules {
    prices = Map.copyOf(prices);
  }

  /// @param day in UTC
  /// @return empty for a model whose prices are not known
  public Optional<TokenPrices> find(String provider, String model, LocalDate day) {
    return prices
        .getOrDefault(provider, PriceTable.EMPTY)
        .find(model, day)
        .or(() -> PublicPrices.table().find(model, day));
  }
}
