package dev.aidp.worker.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aidp.core.job.Usage;
import dev.aidp.core.price.PriceTable;
import dev.aidp.core.price.TokenPrices;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PublicPricesTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-25");

  private static String price(String model) {
    return PublicPrices.table()
        .find(model, DAY)
        .map(prices -> prices.input() + " " + prices.cached() + " " + prices.output())
        .orElse("unknown");
  }

  @Test
  void areFoundByTheLongestPattern() {
    assertThat(price("claude-opus-4-20250514")).isEqualTo("15 1.5 75");
    assertThat(price("claude-opus-4-5-20251101")).isEqualTo("5 0.5 25");
    assertThat(price("Claude-Sonnet-4-5")).isEqualTo("3 0.3 15");
    assertThat(price("gemini-2.5-flash")).isEqualTo("0.3 0.03 2.5");
    assertThat(price("gemini-2.5-flash-lite-preview")).isEqualTo("0.1 0.01 0.4");
    assertThat(price("gpt-5.1-codex-mini")).isEqualTo("0.25 0.025 2");
    assertThat(price("gpt-5-codex")).isEqualTo("1.25 0.125 10");
    assertThat(price("my-own-model")).isEqualTo("unknown");
  }

  @Test
  void areThoseOfTheModelHoweverItIsNamed() {
    assertThat(price("Claude 4.5 Sonnet")).isEqualTo("3 0.3 15");
    assertThat(price("Claude Opus 5.5 300K High")).isEqualTo("4 0.2 20");
    assertThat(price("Opus 4.6 Thinking")).isEqualTo("5 0.5 25");
    assertThat(price("models/gemini-3.1-pro-preview")).isEqualTo("2 0.2 12");
    assertThat(price("us.anthropic.claude-opus-4-1-20250805-v1:0")).isEqualTo("15 1.5 75");
    assertThat(price("anthropic/claude-sonnet-4.6")).isEqualTo("3 0.3 15");
    assertThat(price("claude-opus-4@20250514")).isEqualTo("15 1.5 75");
    assertThat(price("GPT-5.3 Codex High")).isEqualTo("1.75 0.175 14");
    assertThat(price("gpt-5-2025-08-07")).isEqualTo("1.25 0.125 10");
  }

  @Test
  void areKnownForTheModelsOfToday() {
    assertThat(price("claude-opus-5")).isEqualTo("5 0.5 25");
    assertThat(price("claude-sonnet-5-20260601")).isEqualTo("2 0.2 10");
    assertThat(price("claude-sonnet-5-5")).isEqualTo("2 0.1 10");
    assertThat(price("claude-haiku-5-5")).isEqualTo("0.1 0.01 0.5");
    assertThat(price("claude-fable-5-1")).isEqualTo("10 0.25 50");
    assertThat(price("gpt-6-astra")).isEqualTo("10 1 50");
    assertThat(price("gpt-6-luna-2026-09-22")).isEqualTo("0.1 0.01 0.5");
    assertThat(price("gpt-6.1-sol")).isEqualTo("2 0.1 10");
    assertThat(price("gemini-3.8-flash")).isEqualTo("0.75 0.075 3.75");
    assertThat(price("gemini-3.5-flash-lite")).isEqualTo("0.3 0.03 2.5");
    assertThat(price("composer-2")).isEqualTo("0.5 0.2 2.5");
    assertThat(price("auto")).isEqualTo("1.25 0.25 6");
  }

  @Test
  void holdFromTheirDayOn() {
    PriceTable table =
        PriceTable.parse(
            List.of("# note", "", "m* 2026-01-01 1 0.1 2", "m* 2026-06-01 3 0.3 4 # dearer"));
    assertThat(table.find("m1", LocalDate.parse("2026-05-31")).orElseThrow().input())
        .isEqualTo("1");
    assertThat(table.find("m1", LocalDate.parse("2026-06-01")).orElseThrow().input())
        .isEqualTo("3");
    assertThat(table.find("m1", LocalDate.parse("2025-12-31"))).isEmpty();
    assertThatThrownBy(() -> PriceTable.parse(List.of("m* tomorrow 1 2 3")))
        .hasMessage("no line of prices: m* tomorrow 1 2 3");
  }

  @Test
  void giveWayToThoseOfTheConfiguration() {
    TokenPrices own = new TokenPrices(BigDecimal.ONE, BigDecimal.TWO, BigDecimal.ZERO);
    SpendingRules rules =
        new SpendingRules(
            null,
            Map.of("codex", new PriceTable(List.of(new PriceTable.Entry("gpt-*", DAY, own)))));
    assertThat(rules.find("codex", "gpt-5", DAY)).contains(own);
    assertThat(rules.find("cursor", "gpt-5", DAY))
        .isEqualTo(PublicPrices.table().find("gpt-5", DAY));
  }

  @Test
  void countCachedInputByItself() {
    TokenPrices prices =
        new TokenPrices(new BigDecimal("3"), new BigDecimal("15"), new BigDecimal("0.3"));
    assertThat(prices.cost(new Usage(1_000_000, 100_000, 400_000)))
        .isEqualByComparingTo("3.42"); // 1.8 + 0.12 + 1.5
    assertThat(prices.cost(new Usage(1, 0, 1))).isEqualTo("0.000001");
    assertThat(prices.cost(Usage.NONE)).isEqualByComparingTo("0");
  }
}
