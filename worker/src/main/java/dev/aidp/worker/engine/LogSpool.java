package dev.aidp.worker.engine;

import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Entries in the order in which they came: the oldest in memory, and what does not fit there in a
/// file that is deleted with the last entry. Not thread-safe: its log guards it.
final class LogSpool {
  private static final int MEMORY_BYTES = 2 << 20;
  private static final int ENTRY_OVERHEAD_BYTES = 120;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int FULL_DISK_BYTES = 64 << 20;

  private final Path file;
  private final ArrayDeque<LogEntry> memory = new ArrayDeque<>();
  private long memoryBytes;
  private @Nullable RandomAccessFile disk;
  private long readPosition;
  private long writePosition;
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

  LogSpool(Path file) {
    this.file = file;
  }

  /// @return whether it was taken: not when the disk is full and memory has taken its share too
  boolean add(LogEntry entry) {
    if (disk == null
        && (memoryBytes < MEMORY_BYTES || (!open() && memoryBytes < FULL_DISK_BYTES))) {
      memory.add(entry);
      memoryBytes += size(entry);
      return true;
    }
    RandomAccessFile open = disk;
    if (open == null || tail.size() > FULL_DISK_BYTES) {
      return false;
    }
    encode(entry, tail);
    if (tail.size() > CHUNK_BYTES) {
      flush(open);
    }
    return true;
  }

  private boolean open() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
      opened.setLength(0);
      disk = opened;
      readPosition = 0;
      writePosition = 0;
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The oldest entries, without removing them.
  List<LogEntry> head(int maxBytes) {
    if (memory.isEmpty()) {
      load();
    }
    List<LogEntry> head = new ArrayList<>();
    long bytes = 0;
    for (LogEntry entry : memory) {
      bytes += size(entry);
      if (!head.isEmpty() && bytes > maxBytes) {
        break;
      }
      head.add(entry);
    }
    return head;
  }

  void remove(int count) {
    for (int i = 0; i < count; i++) {
      LogEntry entry = memory.poll();
      if (entry != null) {
        memoryBytes -= size(entry);
      }
    }
  }

  void close() {
    memory.clear();
    memoryBytes = 0;
    tail.reset();
    closeFile();
  }

  private void closeFile() {
    RandomAccessFile open = disk;
    disk = null;
    if (open != null) {
      try {
        open.close();
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The next worker on this host clears its spool folder.
      }
    }
  }

  private void load() {
    RandomAccessFile open = disk;
    if (open == null) {
      return;
    }
    boolean flushed = flush(open);
    try {
      open.seek(readPosition);
      while (readPosition < writePosition && memoryBytes < MEMORY_BYTES) {
        byte[] record = new byte[open.readInt()];
        open.readFully(record);
        readPosition += 4L + record.length;
        remember(record);
      }
      if (readPosition >= writePosition) {
        if (!flushed) {
          loadTail();
        }
        closeFile();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read spooled log entries from " + file, e);
    }
  }

  private void loadTail() throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(tail.toByteArray()))) {
      while (in.available() > 0) {
        byte[] record = new byte[in.readInt()];
        in.readFully(record);
        remember(record);
      }
    }
    tail.reset();
  }

  private void remember(byte[] record) throws IOException {
    LogEntry entry = decode(record);
    memory.add(entry);
    memoryBytes += size(entry);
  }

  /// A full disk leaves the entries in memory: what a partial write left is written over later.
  private boolean flush(RandomAccessFile open) {
    if (tail.size() == 0) {
      return true;
    }
    try {
      open.seek(writePosition);
      open.write(tail.toByteArray());
      writePosition += tail.size();
      tail.reset();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void encode(LogEntry entry, ByteArrayOutputStream tail) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(entry.jobId());
      out.writeInt(entry.attempt());
      out.writeLong(entry.seq());
      writeText(out, entry.timestamp().toString());
      writeText(out, entry.level().word());
      writeText(out, entry.category().word());
      writeText(out, entry.message());
      String data = entry.data();
      out.writeBoolean(data != null);
      if (data != null) {
        writeText(out, data);
      }
      DataOutputStream framed = new DataOutputStream(tail);
      framed.writeInt(bytes.size());
      bytes.writeTo(framed);
      framed.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static LogEntry decode(byte[] record) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
      return new LogEntry(
          in.readLong(),
          in.readInt(),
          in.readLong(),
          Instant.parse(readText(in)),
          LogLevel.ofWord(readText(in)),
          LogCategory.ofWord(readText(in)),
          readText(in),
          in.readBoolean() ? readText(in) : null);
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long size(LogEntry entry) {
    String data = entry.data();
    return ENTRY_OVERHEAD_BYTES
        + 2L * (entry.message().length() + (data == null ? 0 : data.length()));
  }
}
