package dev.aidp.core.outcome;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderKind;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// The rules by which an ended execution completes, fails, interrupts or repeats its job: the
/// section "What happens when" of the user guide.
public final class RetryPolicy {
  private static final Duration BACKOFF_BASE = Duration.ofSeconds(2);
  private static final Duration BACKOFF_CAP = Duration.ofMinutes(5);
  private static final Duration USAGE_LIMIT_WAIT = Duration.ofMinutes(15);
  private static final Duration USAGE_LIMIT_CAP = Duration.ofHours(5);

  /// No provider's limit lasts longer than a month: what is said to do so was misread.
  private static final Duration LONGEST_RESET = Duration.ofDays(32);

  private static final Duration SHORTEST_MARGIN = Duration.ofSeconds(1);
  private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);

  private final DoubleSupplier random;

  /// @param random uniform in [0, 1), for the jitter
  public RetryPolicy(DoubleSupplier random) {
    this.random = random;
  }

  /// What the policy needs to know of the job, the ended execution included.
  ///
  /// @param attempt charged executions, this one included
  /// @param crashCount crashes before this execution
  /// @param rerun whether a command may be run again after its worker was lost
  /// @param begun whether its process was started
  /// @param sessionKnown whether the agent's session can be resumed
  /// @param limitsMet usage limits met in a row, this execution being let go first after the last
  ///   one; 0 for any other execution
  public record Standing(
      ProviderKind kind,
      int attempt,
      int maxAttempts,
      int crashCount,
      int maxCrashes,
      boolean rerun,
      boolean begun,
      boolean sessionKnown,
      int limitsMet) {}

  public Transition decide(Standing job, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> ended(JobStatus.COMPLETED, null, null, null);
      case Outcome.Failed failed -> failed(job, failed);
      case Outcome.Interrupted interrupted -> interrupted(job, interrupted);
    };
  }

  private Transition failed(Standing job, Outcome.Failed failed) {
    if (failed.errorClass() == ErrorClass.USAGE_LIMIT) {
      return again(failed, true, untilReset(failed.retryAfter(), job.limitsMet()), "usage limit");
    }
    if (job.attempt() < job.maxAttempts() && mayRepeat(job.kind(), failed)) {
      Duration backoff = backoff(job.attempt());
      Duration asked = failed.retryAfter();
      Duration delay = asked != null && asked.compareTo(backoff) > 0 ? asked : backoff;
      return again(failed, false, delay, "backoff after " + failed.errorClass().word());
    }
    return ended(JobStatus.FAILED, null, failed.error(), failed.errorClass());
  }

  private static boolean mayRepeat(ProviderKind kind, Outcome.Failed failed) {
    return switch (kind) {
      case AGENT -> failed.errorClass() == ErrorClass.TRANSIENT && failed.repeatable();
      case COMMAND ->
          failed.errorClass() == ErrorClass.COMMAND_FAILED
              || failed.errorClass() == ErrorClass.TIMEOUT;
    };
  }

  private static Transition interrupted(Standing job, Outcome.Interrupted interrupted) {
    return switch (interrupted.cause()) {
      case CANCELLED ->
          ended(JobStatus.INTERRUPTED, "cancelled", interrupted.error(), ErrorClass.CANCELLED);
      case SHUTDOWN -> resumable(job, interrupted, false);
      case WORKER_LOST -> resumable(job, interrupted, true);
    };
  }

  private static Transition resumable(Standing job, Outcome.Interrupted why, boolean crash) {
    if (crash && job.crashCount() + 1 >= job.maxCrashes()) {
      return interruptedFor("given up after " + (job.crashCount() + 1) + " crashes", why, true);
    }
    if (job.kind() == ProviderKind.COMMAND && !job.rerun()) {
      return interruptedFor("its worker was lost, and it may not be run again", why, crash);
    }
    if (job.kind() == ProviderKind.AGENT && job.begun() && !job.sessionKnown()) {
      return interruptedFor("its worker was lost before the agent gave a session id", why, crash);
    }
    return new Transition(
        JobStatus.INTERRUPTED,
        JobStatus.QUEUED,
        true,
        crash,
        null,
        null,
        why.error(),
        ErrorClass.WORKER_LOST);
  }

  private static Transition interruptedFor(String reason, Outcome.Interrupted why, boolean crash) {
    return new Transition(
        JobStatus.INTERRUPTED,
        JobStatus.INTERRUPTED,
        true,
        crash,
        null,
        reason,
        why.error(),
        ErrorClass.WORKER_LOST);
  }

  private static Transition ended(
      JobStatus status,
      @Nullable String reason,
      @Nullable String error,
      @Nullable ErrorClass errorClass) {
    return new Transition(status, status, false, false, null, reason, error, errorClass);
  }

  private static Transition again(
      Outcome.Failed failed, boolean refund, Duration delay, String reason) {
    return new Transition(
        JobStatus.FAILED,
        JobStatus.WAITING,
        refund,
        false,
        delay,
        reason,
        failed.error(),
        failed.errorClass());
  }

  /// Full jitter: uniform between nothing and the exponential step.
  private Duration backoff(int attempt) {
    long stepMillis = BACKOFF_BASE.toMillis() << Math.clamp(attempt - 1, 0, 20);
    long ceilingMillis = Math.min(stepMillis, BACKOFF_CAP.toMillis());
    return Duration.ofMillis((long) (ceilingMillis * random.getAsDouble()));
  }

  /// A reset that has passed (by a provider whose clock is behind) must not make a job hammer. One
  /// that is to come is given a margin, larger where it is further away and so less exact.
  private static Duration untilReset(@Nullable Duration given, int limitsMet) {
    if (given == null || !given.isPositive() || given.compareTo(LONGEST_RESET) > 0) {
      Duration doubled = USAGE_LIMIT_WAIT.multipliedBy(1L << Math.clamp(limitsMet, 0, 20));
      return doubled.compareTo(USAGE_LIMIT_CAP) > 0 ? USAGE_LIMIT_CAP : doubled;
    }
    Duration margin = given.dividedBy(100);
    if (margin.compareTo(SHORTEST_MARGIN) < 0) {
      margin = SHORTEST_MARGIN;
    } else if (margin.compareTo(LONGEST_MARGIN) > 0) {
      margin = LONGEST_MARGIN;
    }
    return given.plus(margin);
  }
}
