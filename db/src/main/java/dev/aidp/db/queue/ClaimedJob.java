package dev.aidp.db.queue;

import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.outcome.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job that this worker has to run, with all that it takes to run it.
///
/// @param execution the number of this execution within the job, from 1
/// @param attempt executions charged since the last manual retry, this one included
/// @param sessionId the agent session to continue; null: a new one
/// @param readyAt its place in line, for the claim watermark
/// @param startedAt by the database's clock
/// @param probe set if it goes first after a usage limit of its provider
public record ClaimedJob(
    LeaseRef lease,
    int execution,
    int attempt,
    int maxAttempts,
    int crashCount,
    int maxCrashes,
    boolean rerun,
    String name,
    @Nullable String node,
    UUID runId,
    String provider,
    @Nullable String model,
    String prompt,
    @Nullable String workspace,
    @Nullable String host,
    @Nullable Duration timeout,
    JobOptions options,
    @Nullable String sessionId,
    OffsetDateTime readyAt,
    Instant startedAt,
    @Nullable Probe probe) {

  /// The job that shows whether a usage limit has ended.
  ///
  /// @param limitsMet how often in a row the limit was met before
  public record Probe(int limitsMet) {}

  ClaimedJob asProbe(int limitsMet) {
    return new ClaimedJob(
        lease,
        execution,
        attempt,
        maxAttempts,
        crashCount,
        maxCrashes,
        rerun,
        name,
        node,
        runId,
        provider,
        model,
        prompt,
        workspace,
        host,
        timeout,
        options,
        sessionId,
        readyAt,
        startedAt,
        new Probe(limitsMet));
  }

  /// The wall-clock limit that holds; null: none. Jobs from SQL may come without one.
  public @Nullable Duration effectiveTimeout() {
    return timeout == null ? ProviderKind.of(provider).defaultTimeout() : timeout;
  }

  /// How long it may say nothing; null: any time.
  public @Nullable Duration effectiveStallTimeout() {
    Duration own = options.stallTimeout();
    return own == null ? ProviderKind.of(provider).defaultStallTimeout() : own;
  }

  /// What the retry policy is told when this execution ends.
  ///
  /// @param begun whether its process was started
  /// @param sessionKnown whether a later execution can continue its session
  public RetryPolicy.Standing standing(boolean begun, boolean sessionKnown) {
    return new RetryPolicy.Standing(
        ProviderKind.of(provider),
        attempt,
        maxAttempts,
        crashCount,
        maxCrashes,
        rerun,
        begun,
        sessionKnown,
        probe == null ? 0 : probe.limitsMet());
  }

  /// The same job with its prompt rendered, and the session that it is to go on in.
  public ClaimedJob with(String renderedPrompt, @Nullable String session) {
    return new ClaimedJob(
        lease,
        execution,
        attempt,
        maxAttempts,
        crashCount,
        maxCrashes,
        rerun,
        name,
        node,
        runId,
        provider,
        model,
        renderedPrompt,
        workspace,
        host,
        timeout,
        options,
        session,
        readyAt,
        startedAt,
        probe);
  }
}
