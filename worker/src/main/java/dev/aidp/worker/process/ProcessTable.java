package dev.aidp.worker.process;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The processes of this host that may be seen. Thread-safe.
interface ProcessTable {
  /// One look at all processes.
  interface Snapshot {
    /// All processes but the dead that nobody has reaped yet.
    List<ProcessEntry> entries();

    /// The marker in the environment of one of the entries.
    Optional<ExecutionMarker> marker(ProcessEntry entry);

    /// Whether a process was there and gone before it could be looked at. A process that flees from
    /// fork to fork is in every snapshot, but perhaps only so.
    boolean missedSome();
  }

  /// Looks at the table now.
  Snapshot snapshot();

  /// Whether the entry's pid is still that process.
  boolean isStill(ProcessEntry entry);

  /// Whether two readings of a start, from wherever in this table, are of one process.
  boolean sameStart(long ticks, long otherTicks);

  /// When the process of this pid started, in ticks; empty if it is gone, or dead and not reaped.
  OptionalLong startTicks(long pid);

  /// A start time, in ticks, that no process started from now on can lie before.
  long nowTicks();

  /// What this system offers.
  static ProcessTable ofThisHost() {
    return LinuxProcessTable.available()
        ? new LinuxProcessTable()
        : new PsProcessTable(PsProcessTable.BSD_PS);
  }
}
