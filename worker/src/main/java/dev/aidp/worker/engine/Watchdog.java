package dev.aidp.worker.engine;

import dev.aidp.worker.provider.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The wall-clock limit and the stall limit of one execution.
final class Watchdog implements AutoCloseable {
  private final List<Future<?>> alarms = new ArrayList<>();

  private Watchdog() {}

  static Watchdog over(RunningExecution execution, ScheduledExecutorService scheduler) {
    Watchdog watchdog = new Watchdog();
    Duration timeout = execution.job().effectiveTimeout();
    if (timeout != null) {
      watchdog.alarms.add(
          scheduler.schedule(
              () -> execution.stop().request(StopSignal.Cause.TIMEOUT),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS));
    }
    Duration stall = execution.job().effectiveStallTimeout();
    if (stall != null) {
      long lookMillis = Math.clamp(stall.toMillis() / 4, 20, 10_000);
      watchdog.alarms.add(
          scheduler.scheduleWithFixedDelay(
              () -> lookForStall(execution, stall), lookMillis, lookMillis, TimeUnit.MILLISECONDS));
    }
    return watchdog;
  }

  private static void lookForStall(RunningExecution execution, Duration stall) {
    if (execution.log().silentNanos() > stall.toNanos()) {
      execution.stop().request(StopSignal.Cause.STALLED);
    }
  }

  @Override
  public void close() {
    alarms.forEach(alarm -> alarm.cancel(false));
  }
}
