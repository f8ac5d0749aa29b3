package dev.aidp.core.job;

/// Tokens of one execution, or their sum over a job's. Input includes what was read from a cache.
public record Usage(long inputTokens, long outputTokens, long cachedTokens) {
  public static final Usage NONE = new Usage(0, 0, 0);

  public Usage {
    if (inputTokens < 0 || outputTokens < 0 || cachedTokens < 0) {
      throw new IllegalArgumentException("negative token count");
    }
  }

  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cachedTokens + other.cachedTokens);
  }
}
