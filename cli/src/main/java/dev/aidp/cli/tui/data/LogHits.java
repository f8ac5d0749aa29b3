package dev.aidp.cli.tui.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where in a log something was found: the `seq` of entries, in order. Immutable.
public final class LogHits {
  /// Nothing was looked for.
  public static final LogHits NONE = of();

  /// More are not kept.
  static final int MOST = 100_000;

  /// Shared with later ones, which only add behind the count.
  private final long[] seqs;

  private final int count;
  private final long lookedTo;
  private final boolean complete;

  private LogHits(long[] seqs, int count, long lookedTo, boolean complete) {
    this.seqs = seqs;
    this.count = count;
    this.lookedTo = lookedTo;
    this.complete = complete;
  }

  /// All that there are.
  public static LogHits of(long... seqs) {
    return new LogHits(seqs, seqs.length, seqs.length == 0 ? 0 : seqs[seqs.length - 1], true);
  }

  /// Before the look has begun.
  static LogHits begun() {
    return new LogHits(new long[16], 0, 0, false);
  }

  /// With what was found behind it; only the latest of them may be added to.
  LogHits with(long[] found, long newLookedTo, boolean nowComplete) {
    int kept = Math.min(found.length, MOST - count);
    long[] array = seqs;
    if (count + kept > array.length) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, count + kept));
    }
    System.arraycopy(found, 0, array, count, kept);
    return new LogHits(array, count + kept, newLookedTo, nowComplete);
  }

  public int count() {
    return count;
  }

  /// Whether there may be more than were kept.
  public boolean capped() {
    return count == MOST;
  }

  /// Up to which entry was looked.
  public long lookedTo() {
    return lookedTo;
  }

  /// Whether all there was so far has been looked at.
  public boolean complete() {
    return complete;
  }

  public long seq(int index) {
    return seqs[index];
  }

  /// Index of the first one behind an entry; [#count()] if there is none.
  public int after(long seq) {
    int at = Arrays.binarySearch(seqs, 0, count, seq);
    return at >= 0 ? at + 1 : -at - 1;
  }

  /// Index of the last one before an entry; -1 if there is none.
  public int before(long seq) {
    int at = Arrays.binarySearch(seqs, 0, count, seq);
    return (at >= 0 ? at : -at - 1) - 1;
  }

  /// Some of them.
  public List<Long> between(int from, int to) {
    List<Long> some = new ArrayList<>();
    for (int i = Math.max(0, from); i < Math.min(count, to); i++) {
      some.add(seqs[i]);
    }
    return some;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogHits hits
        && hits.count == count
        && hits.lookedTo == lookedTo
        && hits.complete == complete
        && Arrays.equals(seqs, 0, count, hits.seqs, 0, count);
  }

  @Override
  public int hashCode() {
    return 31 * count + Long.hashCode(lookedTo);
  }
}
