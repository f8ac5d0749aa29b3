package dev.aidp.worker.process;

import java.util.OptionalLong;

/// When a process started, in a unit of the system, to be compared by [#same]: with the pid it
/// names one process within a boot.
public final class ProcessStart {
  private static final ProcessTable TABLE = ProcessTable.ofThisHost();

  private ProcessStart() {}

  /// Empty if no process has this pid, or a dead one that was not reaped.
  public static OptionalLong ticks(long pid) {
    return TABLE.startTicks(pid);
  }

  /// Whether two readings are of one start.
  public static boolean same(long ticks, long otherTicks) {
    return TABLE.sameStart(ticks, otherTicks);
  }
}
