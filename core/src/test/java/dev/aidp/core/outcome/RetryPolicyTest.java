package dev.aidp.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aidp.core.job.ErrorClass;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.ProviderKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryPolicyTest {
  private static final RetryPolicy LONGEST = new RetryPolicy(() -> 0.999999);
  private static final RetryPolicy SHORTEST = new RetryPolicy(() -> 0);

  private static RetryPolicy.Standing agent(int attempt) {
    return new RetryPolicy.Standing(ProviderKind.AGENT, attempt, 3, 0, 3, true, true, true, 0);
  }

  private static RetryPolicy.Standing command(int attempt, int maxAttempts) {
    return new RetryPolicy.Standing(
        ProviderKind.COMMAND, attempt, maxAttempts, 0, 3, true, true, false, 0);
  }

  private static RetryPolicy.Standing crashed(int crashesBefore, int maxCrashes) {
    return new RetryPolicy.Standing(
        ProviderKind.AGENT, 1, 3, crashesBefore, maxCrashes, true, true, true, 0);
  }

  private static Outcome.Failed failed(ErrorClass errorClass) {
    return failed(errorClass, null, true);
  }

  private static Outcome.Failed failed(
      ErrorClass errorClass, @Nullable Duration retryAfter, boolean repeatable) {
    return new Outcome.Failed(errorClass, "it broke", retryAfter, repeatable, Figures.NONE);
  }

  private static Outcome.Interrupted interrupted(Outcome.Cause cause) {
    return new Outcome.Interrupted(cause, "it was stopped", Figures.NONE);
  }

  @Test
  void aCompletedExecutionCompletesItsJob() {
    assertThat(LONGEST.decide(agent(1), new Outcome.Completed(Figures.NONE)))
        .isEqualTo(
            new Transition(
                JobStatus.COMPLETED, JobStatus.COMPLETED, false, false, null, null, null, null));
  }

  @Test
  void aTransientErrorIsTriedAgainAndCharged() {
    Transition transition = LONGEST.decide(agent(1), failed(ErrorClass.TRANSIENT));
    assertThat(transition.execution()).isEqualTo(JobStatus.FAILED);
    assertThat(transition.job()).isEqualTo(JobStatus.WAITING);
    assertThat(transition.refund()).isFalse();
    assertThat(transition.crash()).isFalse();
    assertThat(transition.reason()).isEqualTo("backoff after transient");
    assertThat(transition.error()).isEqualTo("it broke");
    assertThat(transition.errorClass()).isEqualTo(ErrorClass.TRANSIENT);
  }

  @Test
  void aTransientErrorAfterAToolWasUsedFailsTheJob() {
    assertThat(LONGEST.decide(agent(1), failed(ErrorClass.TRANSIENT, null, false)).job())
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void theLastAttemptFailsTheJob() {
    assertThat(LONGEST.decide(agent(2), failed(ErrorClass.TRANSIENT)).job())
        .isEqualTo(JobStatus.WAITING);
    assertThat(LONGEST.decide(agent(3), failed(ErrorClass.TRANSIENT)).job())
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void theBackoffHasFullJitterAndGrowsToACap() {
    assertThat(SHORTEST.decide(agent(2), failed(ErrorClass.TRANSIENT)).delay())
        .isEqualTo(Duration.ZERO);
    long[] longestSeconds = {2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
    for (int attempt = 1; attempt <= longestSeconds.length; attempt++) {
      assertThat(LONGEST.decide(patient(attempt), failed(ErrorClass.TRANSIENT)).delay())
          .isBetween(
              Duration.ofSeconds(longestSeconds[attempt - 1]).minusMillis(2),
              Duration.ofSeconds(longestSeconds[attempt - 1]));
    }
    for (int attempt : new int[] {0, 40, 999}) {
      assertThat(LONGEST.decide(patient(attempt), failed(ErrorClass.TRANSIENT)).delay())
          .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
    }
  }

  private static RetryPolicy.Standing patient(int attempt) {
    return new RetryPolicy.Standing(ProviderKind.AGENT, attempt, 1000, 0, 3, true, true, true, 0);
  }

  @Test
  void aWaitThatTheProviderAskedForIsKept() {
    Duration asked = Duration.ofMinutes(7);
    assertThat(LONGEST.decide(agent(1), failed(ErrorClass.TRANSIENT, asked, true)).delay())
        .isEqualTo(asked);
    assertThat(LONGEST.decide(agent(2), failed(ErrorClass.TRANSIENT, Duration.ZERO, true)).delay())
        .isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void aUsageLimitWaitsForTheResetAndCostsNoAttempt() {
    Transition known =
        LONGEST.decide(agent(3), failed(ErrorClass.USAGE_LIMIT, Duration.ofHours(2), false));
    assertThat(known)
        .isEqualTo(
            new Transition(
                JobStatus.FAILED,
                JobStatus.WAITING,
                true,
                false,
                Duration.ofHours(2).plusMinutes(1),
                "usage limit",
                "it broke",
                ErrorClass.USAGE_LIMIT));
    for (Duration unusable :
        new @Nullable Duration[] {
          null,
          Duration.ZERO,
          Duration.ofSeconds(-9),
          Duration.ofDays(33),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThat(LONGEST.decide(agent(1), failed(ErrorClass.USAGE_LIMIT, unusable, true)).delay())
          .isEqualTo(Duration.ofMinutes(15));
    }
  }

  @Test
  void theMarginAfterAResetGrowsWithItsDistance() {
    assertThat(afterReset(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(4));
    assertThat(afterReset(Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(606));
    assertThat(afterReset(Duration.ofDays(7))).isEqualTo(Duration.ofDays(7).plusMinutes(1));
  }

  private static @Nullable Duration afterReset(Duration reset) {
    return LONGEST.decide(agent(1), failed(ErrorClass.USAGE_LIMIT, reset, true)).delay();
  }

  @ParameterizedTest
  @CsvSource({"0, 15", "1, 30", "2, 60", "4, 240", "5, 300", "6, 300", "1000, 300"})
  void aLimitWithoutAResetIsTriedAgainLessAndLessOften(int limitsMet, int minutes) {
    RetryPolicy.Standing probe =
        new RetryPolicy.Standing(ProviderKind.AGENT, 1, 3, 0, 3, true, true, true, limitsMet);
    assertThat(LONGEST.decide(probe, failed(ErrorClass.USAGE_LIMIT)).delay())
        .isEqualTo(Duration.ofMinutes(minutes));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorClass.class,
      mode = Mode.EXCLUDE,
      names = {"TRANSIENT", "USAGE_LIMIT"})
  void everyOtherErrorOfAnAgentFailsItsJobAtOnce(ErrorClass errorClass) {
    Transition transition = LONGEST.decide(agent(1), failed(errorClass));
    assertThat(transition)
        .isEqualTo(
            new Transition(
                JobStatus.FAILED,
                JobStatus.FAILED,
                false,
                false,
                null,
                null,
                "it broke",
                errorClass));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorClass.class,
      names = {"COMMAND_FAILED", "TIMEOUT"})
  void aCommandIsRunOnceUnlessMoreAttemptsWereGiven(ErrorClass errorClass) {
    assertThat(LONGEST.decide(command(1, 1), failed(errorClass, null, false)).job())
        .isEqualTo(JobStatus.FAILED);
    assertThat(LONGEST.decide(command(1, 2), failed(errorClass, null, false)).job())
        .isEqualTo(JobStatus.WAITING);
    assertThat(LONGEST.decide(command(2, 2), failed(errorClass, null, false)).job())
        .isEqualTo(JobStatus.FAILED);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorClass.class,
      names = {"CONFIG", "UNKNOWN", "BUDGET"})
  void aCommandThatCannotRunIsNotTriedAgain(ErrorClass errorClass) {
    assertThat(LONGEST.decide(command(1, 5), failed(errorClass)).job()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void aCancelledJobIsInterrupted() {
    assertThat(LONGEST.decide(agent(1), interrupted(Outcome.Cause.CANCELLED)))
        .isEqualTo(
            new Transition(
                JobStatus.INTERRUPTED,
                JobStatus.INTERRUPTED,
                false,
                false,
                null,
                "cancelled",
                "it was stopped",
                ErrorClass.CANCELLED));
  }

  @Test
  void aShutdownPutsTheJobBackAndCostsNothing() {
    assertThat(LONGEST.decide(crashed(2, 3), interrupted(Outcome.Cause.SHUTDOWN)))
        .isEqualTo(
            new Transition(
                JobStatus.INTERRUPTED,
                JobStatus.QUEUED,
                true,
                false,
                null,
                null,
                "it was stopped",
                ErrorClass.WORKER_LOST));
  }

  @Test
  void theThirdCrashEndsTheJob() {
    for (int before = 0; before < 2; before++) {
      Transition transition =
          LONGEST.decide(crashed(before, 3), interrupted(Outcome.Cause.WORKER_LOST));
      assertThat(transition.job()).isEqualTo(JobStatus.QUEUED);
      assertThat(transition.refund()).isTrue();
      assertThat(transition.crash()).isTrue();
    }
    Transition last = LONGEST.decide(crashed(2, 3), interrupted(Outcome.Cause.WORKER_LOST));
    assertThat(last.job()).isEqualTo(JobStatus.INTERRUPTED);
    assertThat(last.crash()).isTrue();
    assertThat(last.reason()).isEqualTo("given up after 3 crashes");
    assertThat(LONGEST.decide(crashed(0, 1), interrupted(Outcome.Cause.WORKER_LOST)).job())
        .isEqualTo(JobStatus.INTERRUPTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.Cause.class,
      names = {"SHUTDOWN", "WORKER_LOST"})
  void aCommandRunsAgainUnlessItMayNot(Outcome.Cause cause) {
    assertThat(LONGEST.decide(command(1, 1), interrupted(cause)).job()).isEqualTo(JobStatus.QUEUED);
    RetryPolicy.Standing once =
        new RetryPolicy.Standing(ProviderKind.COMMAND, 1, 1, 0, 3, false, true, false, 0);
    assertThat(LONGEST.decide(once, interrupted(cause)).job()).isEqualTo(JobStatus.INTERRUPTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.Cause.class,
      names = {"SHUTDOWN", "WORKER_LOST"})
  void anAgentThatBeganWithoutASessionIsLeftForAPersonToDecide(Outcome.Cause cause) {
    assertThat(LONGEST.decide(agent(true, false), interrupted(cause)).job())
        .isEqualTo(JobStatus.INTERRUPTED);
    assertThat(LONGEST.decide(agent(true, true), interrupted(cause)).job())
        .isEqualTo(JobStatus.QUEUED);
    assertThat(LONGEST.decide(agent(false, false), interrupted(cause)).job())
        .isEqualTo(JobStatus.QUEUED);
  }

  private static RetryPolicy.Standing agent(boolean begun, boolean sessionKnown) {
    return new RetryPolicy.Standing(ProviderKind.AGENT, 1, 3, 0, 3, true, begun, sessionKnown, 0);
  }

  @Test
  void agentsHaveThreeAttemptsAndCommandsOne() {
    assertThat(ProviderKind.of("claude").defaultMaxAttempts()).isEqualTo(3);
    for (String command : new String[] {"shell", "task", "gate"}) {
      assertThat(ProviderKind.of(command).defaultMaxAttempts()).isEqualTo(1);
    }
  }
}
