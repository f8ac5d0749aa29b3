package dev.aidp.cli.tui.screen;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the database answers.
///
/// @param latency of its last answer
/// @param steadyLatency the lesser one of the last two: one slow answer is no slow database
/// @param problem why it does not; null: it does
record Link(
    Instant lastAnswer, Duration latency, Duration steadyLatency, @Nullable String problem) {
  /// Without an answer for so long it counts as down, even while a question is still open.
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private static final Duration SLOW = Duration.ofMillis(100);

  Link answered(Instant now, Duration took) {
    Duration lesser = took.compareTo(latency) < 0 ? took : latency;
    return new Link(now, took, lesser, null);
  }

  Link failed(String why) {
    return new Link(lastAnswer, latency, steadyLatency, why);
  }

  boolean isDown(Instant now) {
    return problem != null || silence(now).compareTo(SILENCE) > 0;
  }

  Duration silence(Instant now) {
    return Duration.between(lastAnswer, now);
  }

  boolean isSlow() {
    return steadyLatency.compareTo(SLOW) >= 0;
  }
}
