package dev.aidp.worker.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/// Finds what belongs to one target and ends it: TERM, a grace, then KILL until none is left. What
/// was once seen to belong stays a target, though it be reparented or drop its marker. For one
/// thread, but [#shorten(Duration)] is for any.
final class ProcessHunt {
  /// How long KILL is repeated before what is left (in the kernel, or another user's) is let be.
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private static final Duration LONGEST_GRACE = Duration.ofDays(365);
  private static final long FIRST_PAUSE_MILLIS = 2;
  private static final long KILL_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 64;
  private static final long NO_ROOT = -1;

  /// After how many looks in a row, each without a find but not sure, there is nothing: on a busy
  /// host no look is.
  private static final int UNSURE_LOOKS = 40;

  private final SharedSnapshots snapshots;
  private final long root;
  private final long rootStartTicks;
  private final long sinceTicks;
  private final BiPredicate<ProcessEntry, ExecutionMarker> marked;
  private final Map<Long, Long> seenStartByPid = new HashMap<>();
  private final Object graceLock = new Object();
  private boolean sure;
  private volatile long termUntilNanos = Long.MAX_VALUE;

  private ProcessHunt(
      SharedSnapshots snapshots,
      long root,
      long rootStartTicks,
      long sinceTicks,
      BiPredicate<ProcessEntry, ExecutionMarker> marked) {
    this.snapshots = snapshots;
    this.root = root;
    this.rootStartTicks = rootStartTicks;
    this.sinceTicks = sinceTicks;
    this.marked = marked;
  }

  /// What a job left or runs: the process `root`, its session, their descendants, and whatever
  /// carries the marker; nothing that started before `sinceTicks`.
  ///
  /// @param rootStartTicks 0 if the root ended before it could be asked
  static ProcessHunt forJob(
      SharedSnapshots snapshots,
      long root,
      long rootStartTicks,
      long sinceTicks,
      ExecutionMarker marker) {
    return new ProcessHunt(
        snapshots, root, rootStartTicks, sinceTicks, (entry, found) -> found.equals(marker));
  }

  /// The marked processes that the predicate condemns, and their descendants.
  static ProcessHunt forMarked(
      SharedSnapshots snapshots, BiPredicate<ProcessEntry, ExecutionMarker> condemned) {
    return new ProcessHunt(snapshots, NO_ROOT, 0, 0, condemned);
  }

  /// What is alive of it now.
  List<ProcessEntry> find() {
    ProcessTable.Snapshot snapshot = snapshots.fresh();
    Map<Long, List<ProcessEntry>> children = new HashMap<>();
    Deque<ProcessEntry> found = new ArrayDeque<>();
    sure = !snapshot.missedSome();
    long leader = rootPidIsAnother(snapshot) ? NO_ROOT : root;
    for (ProcessEntry entry : snapshot.entries()) {
      if (entry.startTicks() < sinceTicks) {
        continue;
      }
      children.computeIfAbsent(entry.parent(), pid -> new ArrayList<>()).add(entry);
      if (belongs(snapshot, entry, leader)) {
        found.add(entry);
      }
    }
    Set<ProcessEntry> all = new LinkedHashSet<>();
    long own = ProcessHandle.current().pid();
    for (ProcessEntry entry = found.poll(); entry != null; entry = found.poll()) {
      if (entry.pid() != own && all.add(entry)) {
        found.addAll(children.getOrDefault(entry.pid(), List.of()));
      }
    }
    all.forEach(entry -> seenStartByPid.put(entry.pid(), entry.startTicks()));
    return List.copyOf(all);
  }

  /// Ends all that is found, and returns once a last look found nothing. What the root starts after
  /// it was sent TERM, to clean up, is let be until the root has ended or the grace has.
  ///
  /// @return false if something is left that could not be killed
  boolean end(Duration grace) throws InterruptedException {
    long pauseMillis = FIRST_PAUSE_MILLIS;
    Set<ProcessEntry> asked = new HashSet<>();
    List<ProcessEntry> alive = find();
    if (!grace.isZero()) {
      alive.stream().filter(asked::add).forEach(this::terminate);
    }
    // From here on: looking takes time too, and TERM is to have all of the grace.
    shorten(grace);
    int looks = 1;
    while (!alive.isEmpty() && System.nanoTime() - termUntilNanos < 0) {
      if (looks <= 2 || !rootAmong(alive)) {
        alive.stream().filter(asked::add).forEach(this::terminate);
      }
      Thread.sleep(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
      alive = find();
      looks++;
    }
    return (asked.isEmpty() && alive.isEmpty()) || killAll();
  }

  /// Lets TERM work for no longer than this from now.
  void shorten(Duration grace) {
    Duration bounded = grace.compareTo(LONGEST_GRACE) < 0 ? grace : LONGEST_GRACE;
    long until = System.nanoTime() + bounded.toNanos();
    synchronized (graceLock) {
      if (termUntilNanos == Long.MAX_VALUE || until - termUntilNanos < 0) {
        termUntilNanos = until;
      }
    }
  }

  private boolean killAll() throws InterruptedException {
    long giveUpNanos = System.nanoTime() + KILL_LIMIT.toNanos();
    Set<ProcessEntry> killed = new HashSet<>();
    int unsure = 0;
    while (true) {
      List<ProcessEntry> alive = find();
      unsure = alive.isEmpty() ? unsure + 1 : 0;
      if (alive.isEmpty() && (sure || unsure >= UNSURE_LOOKS)) {
        return true;
      }
      if (!alive.isEmpty() && System.nanoTime() - giveUpNanos > 0) {
        return false;
      }
      boolean news = false;
      for (ProcessEntry entry : alive) {
        handle(entry).ifPresent(ProcessHandle::destroyForcibly);
        news |= killed.add(entry);
      }
      // What was killed before takes a moment to die; what is new may be fleeing.
      if (!news) {
        Thread.sleep(alive.isEmpty() ? 1 : KILL_PAUSE_MILLIS);
      }
    }
  }

  private boolean rootAmong(List<ProcessEntry> alive) {
    return alive.stream().anyMatch(entry -> entry.pid() == root);
  }

  private void terminate(ProcessEntry entry) {
    handle(entry).ifPresent(ProcessHandle::destroy);
  }

  /// Pids are used again: while it is gone, its session may have members, but no leader.
  private boolean rootPidIsAnother(ProcessTable.Snapshot snapshot) {
    return rootStartTicks != 0
        && snapshot.entries().stream()
            .filter(entry -> entry.pid() == root)
            .anyMatch(entry -> !snapshots.table().sameStart(entry.startTicks(), rootStartTicks));
  }

  private boolean belongs(ProcessTable.Snapshot snapshot, ProcessEntry entry, long leader) {
    return entry.pid() == leader
        || entry.session() == leader
        || seenBefore(entry)
        || snapshot.marker(entry).filter(marker -> marked.test(entry, marker)).isPresent();
  }

  /// Its parent and session may have changed since; pid and start name the process.
  private boolean seenBefore(ProcessEntry entry) {
    Long start = seenStartByPid.get(entry.pid());
    return start != null && start == entry.startTicks();
  }

  /// A handle sends no signal to a process that started later under the same pid; the look after
  /// making it shows that it is this one.
  private Optional<ProcessHandle> handle(ProcessEntry entry) {
    return ProcessHandle.of(entry.pid()).filter(handle -> snapshots.table().isStill(entry));
  }
}
