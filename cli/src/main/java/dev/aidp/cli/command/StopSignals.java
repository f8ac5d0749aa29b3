package dev.aidp.cli.command;

import dev.aidp.worker.engine.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/// TERM, INT and HUP: the first lets a worker claim no more, the second interrupts its jobs.
final class StopSignals implements AutoCloseable {
  private static final int INTERRUPTED = 130;

  private final Worker worker;
  private final Runnable draining;
  private final Runnable interrupting;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Runnable> undo = new ArrayList<>();
  private volatile boolean interrupted;

  /// @param draining called before it claims no more
  /// @param interrupting called before its jobs are interrupted
  StopSignals(Worker worker, Runnable draining, Runnable interrupting) {
    this.worker = worker;
    this.draining = draining;
    this.interrupting = interrupting;
    register("TERM");
    register("HUP");
    register("INT");
  }

  private void register(String signal) {
    Object previous = Signals.register(signal, () -> received(signal));
    undo.add(() -> Signals.unregister(signal, previous));
  }

  private void received(String signal) {
    interrupted |= signal.equals("INT");
    int signals = count.incrementAndGet();
    if (signals == 1) {
      draining.run();
      worker.drain();
    } else {
      if (signals == 2) {
        interrupting.run();
      }
      worker.interruptNow();
    }
  }

  /// That of a worker which ended: 130 after Ctrl-C.
  int exitCode() {
    return interrupted ? INTERRUPTED : 0;
  }

  /// Whether it was told to stop.
  boolean any() {
    return count.get() > 0;
  }

  @Override
  public void close() {
    undo.forEach(Runnable::run);
  }
}
