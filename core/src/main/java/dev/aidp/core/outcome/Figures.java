package dev.aidp.core.outcome;

import dev.aidp.core.job.Usage;
import java.math.BigDecimal;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an execution used and left behind.
///
/// @param sessionId the agent's session, null if it gave none
/// @param costUsd null if unknown
/// @param costEstimated whether the cost comes from a price table instead of the provider
public record Figures(
    @Nullable Integer exitCode,
    @Nullable String result,
    @Nullable String sessionId,
    Usage usage,
    @Nullable BigDecimal costUsd,
    boolean costEstimated) {
  public static final Figures NONE = new Figures(null, null, null, Usage.NONE, null, false);

  public static Figures ofExit(int exitCode, @Nullable String result) {
    return new Figures(exitCode, result, null, Usage.NONE, null, false);
  }

  /// The same with its texts changed.
  Figures withTexts(UnaryOperator<String> change) {
    return new Figures(
        exitCode,
        result == null ? null : change.apply(result),
        sessionId == null ? null : change.apply(sessionId),
        usage,
        costUsd,
        costEstimated);
  }
}
