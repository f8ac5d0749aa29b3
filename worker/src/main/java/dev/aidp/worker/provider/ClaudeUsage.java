package dev.aidp.worker.provider;

import dev.aidp.core.job.Usage;
import dev.aidp.core.outcome.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a call of Claude Code used: as its result says, or, where that is missing, as far as its
/// messages do.
final class ClaudeUsage {
  /// Tokens of one kind of request.
  ///
  /// @param fresh input that was neither read from a cache nor written to it
  private record Tokens(long fresh, long cacheWritten, long cacheRead, long output) {
    static final Tokens NONE = new Tokens(0, 0, 0, 0);

    static Tokens of(JsonNode usage) {
      return new Tokens(
          count(usage, "input_tokens", "inputTokens"),
          count(usage, "cache_creation_input_tokens", "cacheCreationInputTokens"),
          count(usage, "cache_read_input_tokens", "cacheReadInputTokens"),
          count(usage, "output_tokens", "outputTokens"));
    }

    private static long count(JsonNode usage, String key, String otherKey) {
      return Math.max(0, usage.path(key).asLong(usage.path(otherKey).asLong(0)));
    }

    Tokens plus(Tokens other) {
      return new Tokens(
          fresh + other.fresh,
          cacheWritten + other.cacheWritten,
          cacheRead + other.cacheRead,
          output + other.output);
    }

    boolean isNone() {
      return equals(NONE);
    }

    Usage usage() {
      return new Usage(fresh + cacheWritten + cacheRead, output, cacheRead);
    }

    /// In units of one input token's price: the ratios are the same for all of these models.
    double weight() {
      return fresh + 1.25 * cacheWritten + 0.1 * cacheRead + 5.0 * output;
    }
  }

  private final Map<String, Tokens> messages = new LinkedHashMap<>();
  private @Nullable String model;
  private Tokens ofResult = Tokens.NONE;
  private @Nullable BigDecimal cost;
  private boolean costEstimated;

  /// Several events may tell of one message; the last one stands.
  void message(JsonNode message) {
    Tokens tokens = Tokens.of(message.path("usage"));
    if (!tokens.isNone()) {
      messages.put(message.path("id").asString(""), tokens);
      model = message.path("model").asString("");
    }
  }

  /// Of the last message that used tokens.
  @Nullable String model() {
    return model;
  }

  Usage soFar() {
    return messages.values().stream().reduce(Tokens.NONE, Tokens::plus).usage();
  }

  void result(JsonNode result, boolean resumed) {
    ofResult = Tokens.of(result.path("usage"));
    if (!result.path("total_cost_usd").isNumber()) {
      return;
    }
    cost = result.path("total_cost_usd").decimalValue();
    costEstimated = false;
    if (resumed) {
      takeOwnShare(result.path("modelUsage"));
    }
  }

  /// Since 2.1.330 a resumed session reports the cost of the session so far, and its tokens by
  /// model, beside the tokens of this call alone.
  private void takeOwnShare(JsonNode modelUsage) {
    Tokens all = Tokens.NONE;
    for (JsonNode model : modelUsage) {
      all = all.plus(Tokens.of(model));
    }
    BigDecimal total = cost;
    if (total != null && all.weight() > ofResult.weight() * 1.0001) {
      BigDecimal share = BigDecimal.valueOf(ofResult.weight() / all.weight());
      cost = total.multiply(share, MathContext.DECIMAL64);
      costEstimated = true;
    }
  }

  Figures figures(int exitCode, @Nullable String result, @Nullable String sessionId) {
    Tokens tokens = ofResult;
    if (tokens.isNone()) {
      tokens = messages.values().stream().reduce(Tokens.NONE, Tokens::plus);
    }
    BigDecimal rounded = cost == null ? null : cost.setScale(6, RoundingMode.HALF_UP);
    return new Figures(exitCode, result, sessionId, tokens.usage(), rounded, costEstimated);
  }
}
