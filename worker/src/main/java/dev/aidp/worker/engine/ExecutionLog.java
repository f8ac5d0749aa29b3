package dev.aidp.worker.engine;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.job.Usage;
import dev.aidp.core.secret.SecretMask;
import dev.aidp.core.text.SafeText;
import dev.aidp.db.queue.AppendLogs;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.provider.Events;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The log of one execution between the provider and the database: numbers the entries, holds what
/// is not stored yet, in memory and beyond that on disk. Adding does not wait for the database;
/// only who has filled the disk's share waits until it is stored, so that nothing is lost and no
/// heap grows.
///
/// Thread-safe; one thread at a time takes from it.
final class ExecutionLog implements Events {
  /// Stored text of one execution; what comes beyond is counted and dropped, with a note.
  static final long MAX_BYTES = 1L << 30;

  /// On disk, of one execution: minutes of the fastest output while the database is away.
  private static final long MAX_SPOOL_BYTES = 256L << 20;

  private static final int MAX_PROGRESS_CHARS = 200;

  private final ClaimedJob job;
  private final InstantSource clock;
  private final Runnable dirty;
  private final LogSpool spool;
  private final Spending spending;
  private final KeyBlocks keyBlocks = new KeyBlocks();
  private volatile SecretMask mask = SecretMask.SHAPES;
  private long lastSeq;
  private long bytes;
  private long dropped;
  private long ackedSeq;
  private @Nullable String sessionId;
  private @Nullable String progress;
  private @Nullable Integer pid;
  private boolean detailsPending;
  private boolean detailsOnTheirWay;
  private long lastActivityNanos = System.nanoTime();
  private int openTools;
  private boolean lost;
  private @Nullable Runnable onAnswer;
  private boolean waits = true;
  private int heldUp;

  /// @param spoolFile where what does not fit in memory goes
  /// @param dirty called when there is something to store
  ExecutionLog(ClaimedJob job, InstantSource clock, Path spoolFile, Runnable dirty) {
    this(job, clock, new LogSpool(spoolFile, MAX_SPOOL_BYTES), dirty);
  }

  ExecutionLog(ClaimedJob job, InstantSource clock, LogSpool spool, Runnable dirty) {
    this.job = job;
    this.clock = clock;
    this.dirty = dirty;
    this.spool = spool;
    this.spending = new Spending(ProviderRef.of(job.provider()).name(), job.model(), clock);
  }

  ClaimedJob job() {
    return job;
  }

  /// Calls once, when the model has answered for the first time: whatever kept its provider from
  /// answering is over.
  synchronized void onAnswer(Runnable listener) {
    onAnswer = listener;
  }

  /// The model has answered.
  void answered() {
    Runnable listener;
    synchronized (this) {
      listener = onAnswer;
      onAnswer = null;
    }
    if (listener != null) {
      listener.run();
    }
  }

  Spending spending() {
    return spending;
  }

  /// What is masked in everything that comes from now on, before it is held anywhere.
  void mask(SecretMask secrets) {
    mask = secrets;
  }

  /// A text of this execution that is not logged but stored elsewhere.
  String masked(String text) {
    return mask.mask(text);
  }

  @Override
  public void log(LogLevel level, LogCategory category, String message, Map<String, ?> data) {
    if (category == LogCategory.TOOL) {
      toolOpened();
    }
    if (category == LogCategory.TOOL || (category == LogCategory.AGENT && level == LogLevel.INFO)) {
      answered();
    }
    add(level, category, message, data);
  }

  @Override
  public void toolCall(ToolCall call) {
    answered();
    toolClosed();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("tool", call.tool());
    data.put("callId", call.callId());
    data.put("input", call.input());
    data.put("output", call.output());
    data.put("status", call.status());
    data.put("durationMs", call.durationMillis());
    LogLevel level = call.status().equals("ok") ? LogLevel.INFO : LogLevel.WARN;
    add(level, LogCategory.TOOL, call.tool() + " " + call.status(), data);
  }

  private void add(LogLevel level, LogCategory category, String message, Map<String, ?> data) {
    String text = SafeText.storable(keyBlocks.mask(mask.mask(message), message, data));
    String json = data.isEmpty() ? null : StorableJson.write(data, mask);
    synchronized (this) {
      lastActivityNanos = System.nanoTime();
      long size = text.length() + (json == null ? 0L : json.length());
      if (lost || bytes + size > MAX_BYTES) {
        dropped++;
        return;
      }
      awaitRoom();
      if (lost || !spool.add(entry(level, category, text, json))) {
        dropped++;
        return;
      }
      bytes += size;
      lastSeq++;
    }
    dirty.run();
  }

  /// What prints faster than the database stores is held up here, and with it its process.
  private synchronized void awaitRoom() {
    boolean interrupted = false;
    heldUp++;
    while (waits && !lost && !spool.hasRoom()) {
      dirty.run();
      try {
        TimeUnit.SECONDS.timedWait(this, 1);
      } catch (InterruptedException e) {
        interrupted = true;
        waits = false;
      }
    }
    heldUp--;
    lastActivityNanos = System.nanoTime();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Holds nobody up any more: the execution shall end. What finds no room from now on is dropped
  /// and counted.
  synchronized void stopWaiting() {
    waits = false;
    notifyAll();
  }

  private LogEntry entry(LogLevel level, LogCategory category, String text, @Nullable String json) {
    return new LogEntry(
        job.lease().jobId(),
        job.execution(),
        lastSeq + 1,
        clock.instant(),
        level,
        category,
        text,
        json);
  }

  @Override
  public void session(String given) {
    String id = SafeText.storable(mask.mask(given));
    synchronized (this) {
      if (id.equals(sessionId)) {
        return;
      }
      sessionId = id;
      detailsPending = true;
    }
    dirty.run();
  }

  @Override
  public void progress(String text) {
    String line = SafeText.oneLine(mask.mask(text));
    synchronized (this) {
      lastActivityNanos = System.nanoTime();
      progress =
          line.length() > MAX_PROGRESS_CHARS
              ? SafeText.storable(line.substring(0, MAX_PROGRESS_CHARS))
              : line;
      detailsPending = true;
    }
    dirty.run();
  }

  @Override
  public void used(@Nullable String model, Usage soFar) {
    spending.used(model, soFar);
  }

  void pid(int childPid) {
    synchronized (this) {
      pid = childPid;
      detailsPending = true;
    }
    dirty.run();
  }

  synchronized @Nullable String sessionId() {
    return sessionId;
  }

  private synchronized void toolOpened() {
    openTools++;
  }

  private synchronized void toolClosed() {
    openTools = Math.max(0, openTools - 1);
  }

  /// There was output, whether or not it means anything.
  synchronized void heard() {
    lastActivityNanos = System.nanoTime();
  }

  /// How long nothing was said while no tool was at work; zero while one is, and while somebody who
  /// has something to say is held up.
  synchronized long silentNanos() {
    return openTools > 0 || heldUp > 0 ? 0 : System.nanoTime() - lastActivityNanos;
  }

  /// Adds the note about what the cap cut off. Nothing is added afterwards.
  synchronized void seal() {
    if (dropped == 0 || lost) {
      return;
    }
    String note = dropped + " further log entries were dropped: the log of this execution is full";
    if (spool.add(entry(LogLevel.WARN, LogCategory.SYSTEM, note, null))) {
      lastSeq++;
    }
  }

  /// What is to be stored next, or null if there is nothing.
  ///
  /// @param maxBytes roughly how much
  synchronized AppendLogs.@Nullable Batch next(int maxBytes) {
    List<LogEntry> entries = lost ? List.of() : new ArrayList<>(spool.head(maxBytes));
    if (entries.isEmpty() && !detailsPending) {
      return null;
    }
    detailsOnTheirWay = detailsPending;
    detailsPending = false;
    return new AppendLogs.Batch(job.lease(), entries, sessionId, progress, pid);
  }

  /// The batch was stored.
  synchronized void acknowledge(AppendLogs.Batch batch) {
    if (!batch.entries().isEmpty()) {
      ackedSeq = batch.entries().getLast().seq();
      spool.remove(batch.entries().size());
    }
    detailsOnTheirWay = false;
    notifyAll();
  }

  /// The execution was lost: what is not stored never will be.
  synchronized void discard() {
    lost = true;
    spool.close();
    notifyAll();
  }

  synchronized boolean hasPending() {
    return !lost && (ackedSeq < lastSeq || detailsPending || detailsOnTheirWay);
  }

  /// Waits until everything is stored, or never will be.
  ///
  /// @return whether the execution is still ours
  boolean awaitStored() throws InterruptedException {
    synchronized (this) {
      while (hasPending()) {
        dirty.run();
        TimeUnit.SECONDS.timedWait(this, 1);
      }
      spool.close();
      return !lost;
    }
  }
}
