package dev.aidp.cli.command;

import dev.aidp.cli.config.Configuration;
import dev.aidp.cli.config.Settings;
import dev.aidp.core.price.PriceTable;
import dev.aidp.core.price.TokenPrices;
import dev.aidp.worker.price.SpendingRules;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// What the configuration of a directory says about money at the moment when a job starts there.
record ConfiguredSpending(Path configDirectory) implements Function<Path, SpendingRules> {

  @Override
  public SpendingRules apply(Path directory) {
    Settings settings = Configuration.load(directory, configDirectory).settings();
    Map<String, PriceTable> prices = new HashMap<>();
    settings.providers().forEach((name, provider) -> prices.put(name, table(provider.prices())));
    return new SpendingRules(settings.budget().perDayUsd(), prices);
  }

  private static PriceTable table(Map<String, TokenPrices> prices) {
    return new PriceTable(
        prices.entrySet().stream()
            .map(entry -> new PriceTable.Entry(entry.getKey(), LocalDate.MIN, entry.getValue()))
            .toList());
  }
}
