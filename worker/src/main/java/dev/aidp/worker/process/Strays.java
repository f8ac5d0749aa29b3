package dev.aidp.worker.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The processes of this host that were started for executions, by whatever worker: what a worker
/// whose host was not cleaned up looks for. Sees the processes of its own user; root sees all.
/// Thread-safe.
public final class Strays {
  private final SharedSnapshots snapshots;

  public Strays() {
    this(ProcessTable.ofThisHost());
  }

  Strays(ProcessTable table) {
    this.snapshots = new SharedSnapshots(table);
  }

  /// All that carry a marker of this database, those of live executions included; never the caller.
  public List<Stray> find(String databaseId) {
    ProcessTable.Snapshot snapshot = snapshots.fresh();
    long own = ProcessHandle.current().pid();
    return snapshot.entries().stream()
        .filter(entry -> entry.pid() != own)
        .flatMap(entry ->
            snapshot
                .marker(entry)
                .filter(marker -> marker.databaseId().equals(databaseId))
                .map(marker -> new Stray(entry.pid(), marker, startedAt(entry.pid())))
                .stream())
        .toList();
  }

  /// Ends all of this database whose execution is condemned, and their descendants: TERM, and KILL
  /// after the grace, until none is left. The predicate is asked again at every look, so that no
  /// process is judged by what its pid was before.
  ///
  /// @return false if something is left that could not be killed
  public boolean kill(String databaseId, Predicate<ExecutionMarker> condemned, Duration grace)
      throws InterruptedException {
    return ProcessHunt.forMarked(
            snapshots,
            (entry, marker) -> marker.databaseId().equals(databaseId) && condemned.test(marker))
        .end(grace);
  }

  private static Instant startedAt(long pid) {
    Optional<Instant> start = ProcessHandle.of(pid).flatMap(handle -> handle.info().startInstant());
    return start.orElse(Instant.EPOCH);
  }
}
