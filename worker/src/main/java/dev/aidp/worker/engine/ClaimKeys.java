package dev.aidp.worker.engine;

import dev.aidp.core.job.ProviderRef;
import dev.aidp.db.queue.ClaimKey;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The keys under which this worker may find jobs, with the watermark of each: where in line its
/// last claim was. A claim that starts there does not step over the dead entries of what was
/// claimed before, however long a transaction elsewhere keeps them from being vacuumed away.
///
/// Rows that were committed late can stand before the watermark, so a key is also looked through
/// from its head whenever it seems empty, but never for more than a twentieth of the time.
///
/// Knows as well which providers are paused here, as of the last sweep: that saves useless claims,
/// while the claim itself makes sure of it.
final class ClaimKeys {
  private static final int FULL_LOOK_SHARE = 20;
  private static final Comparator<ClaimKey> ORDER =
      Comparator.comparingInt(ClaimKey::priority)
          .reversed()
          .thenComparing(ClaimKey::host)
          .thenComparing(ClaimKey::provider);

  private final String host;
  private final Set<String> providers;
  private final Map<ClaimKey, Progress> progress = new HashMap<>();
  private final Set<ClaimKey> live = ConcurrentHashMap.newKeySet();
  private volatile Map<String, Boolean> pauses = Map.of();
  private volatile boolean sweepWanted;
  private int turn;

  ClaimKeys(String host, Set<String> providers) {
    this.host = host;
    this.providers = Set.copyOf(providers);
  }

  private static final class Progress {
    private @Nullable OffsetDateTime watermark;
    private long lastFullLookNanos = System.nanoTime();
    private long fullLookCostNanos;
  }

  /// Whether this worker may claim under the key.
  boolean mine(ClaimKey key) {
    return (key.host().isEmpty() || key.host().equals(host))
        && providers.contains(ProviderRef.of(key.provider()).served());
  }

  /// Jobs were lined up under these keys. Thread-safe.
  ///
  /// @return whether one of them is of interest
  boolean add(Collection<ClaimKey> keys) {
    boolean any = false;
    for (ClaimKey key : keys) {
      if (mine(key)) {
        live.add(key);
        any = true;
        // The pause may have been lifted.
        sweepWanted |= pauses.containsKey(key.provider());
      }
    }
    return any;
  }

  /// A sweep begins: what is wanted from now on is the next one's.
  void sweepBegins() {
    sweepWanted = false;
  }

  boolean sweepWanted() {
    return sweepWanted;
  }

  void wantSweep() {
    sweepWanted = true;
  }

  /// A sweep found exactly these keys.
  ///
  /// @param paused providers that are paused on this host, and whether a job of theirs may go first
  void replace(Collection<ClaimKey> keys, Map<String, Boolean> paused) {
    pauses = Map.copyOf(paused);
    live.removeIf(key -> !keys.contains(key));
    live.addAll(keys.stream().filter(this::mine).toList());
  }

  /// Whether a job of this key may be claimed, as far as pauses go; of a paused provider one that
  /// goes first.
  boolean mayClaim(ClaimKey key) {
    return mine(key) && !Boolean.FALSE.equals(pauses.get(key.provider()));
  }

  /// Those of paused providers whose time has come: one job each goes first.
  List<ClaimKey> probes() {
    return live.stream()
        .filter(key -> pauses.getOrDefault(key.provider(), false))
        .sorted(ORDER)
        .toList();
  }

  /// Of providers that are not paused. Higher priorities first; equal ones take turns.
  List<ClaimKey> inOrder() {
    List<ClaimKey> keys = new ArrayList<>(live);
    keys.removeIf(key -> pauses.containsKey(key.provider()));
    keys.sort(ORDER);
    List<ClaimKey> turned = new ArrayList<>(keys.size());
    for (int from = 0; from < keys.size(); ) {
      int to = from + 1;
      while (to < keys.size() && keys.get(to).priority() == keys.get(from).priority()) {
        to++;
      }
      for (int i = 0; i < to - from; i++) {
        turned.add(keys.get(from + Math.floorMod(i + turn, to - from)));
      }
      from = to;
    }
    turn++;
    return turned;
  }

  @Nullable OffsetDateTime watermark(ClaimKey key) {
    return of(key).watermark;
  }

  void claimedUpTo(ClaimKey key, OffsetDateTime readyAt) {
    Progress at = of(key);
    if (at.watermark == null || readyAt.isAfter(at.watermark)) {
      at.watermark = readyAt;
    }
  }

  /// Whether the key may be looked through from its head now.
  boolean mayLookFully(ClaimKey key) {
    Progress at = of(key);
    return at.watermark != null
        && System.nanoTime() - at.lastFullLookNanos >= FULL_LOOK_SHARE * at.fullLookCostNanos;
  }

  void lookedFully(ClaimKey key, Duration cost) {
    Progress at = of(key);
    at.lastFullLookNanos = System.nanoTime();
    at.fullLookCostNanos = cost.toNanos();
  }

  private Progress of(ClaimKey key) {
    return progress.computeIfAbsent(key, _ -> new Progress());
  }
}
