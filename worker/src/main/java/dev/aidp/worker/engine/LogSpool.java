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
  private static final int MEMORY_BYTES = 512 << 10;
  private static final int CHUNK_BYTES = 256 << 10;

  /// What memory takes where the disk takes nothing.
  private static final int FULL_DISK_BYTES = 4 << 20;

  private final Path file;
  private final long maxFileBytes;
  private final ArrayDeque<LogEntry> memory = new ArrayDeque<>();
  private long memoryBytes;
  private @Nullable RandomAccessFile disk;
  private long readPosition;
  private long writePosition;

  /// Encoded entries behind those of the file.
  private ByteArrayOutputStream tail = new ByteArrayOutputStream();

  /// @param maxFileBytes at which size of the file the spool is full, until all is taken out
  LogSpool(Path file, long maxFileBytes) {
    this.file = file;
    this.maxFileBytes = maxFileBytes;
  }

  /// Whether it takes more: not when its file is as large as it may be, until all of it is taken
  /// out, nor when the disk is full and memory has taken its share too. Opens the file when it is
  /// time for it.
  boolean hasRoom() {
    if (disk == null && memoryBytes >= MEMORY_BYTES && !open()) {
      return memoryBytes < FULL_DISK_BYTES;
    }
    return tail.size() <= FULL_DISK_BYTES && writePosition + tail.size() <= maxFileBytes;
  }

  /// @return whether it was taken: not when it has no room
  boolean add(LogEntry entry) {
    if (!hasRoom()) {
      return false;
    }
    RandomAccessFile open = disk;
    if (open == null) {
      memory.add(entry);
      memoryBytes += entry.heapBytes();
      return true;
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
      bytes += entry.heapBytes();
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
        memoryBytes -= entry.heapBytes();
      }
    }
  }

  void close() {
    memory.clear();
    memoryBytes = 0;
    closeFile();
  }

  private void closeFile() {
    RandomAccessFile open = disk;
    disk = null;
    writePosition = 0;
    tail = new ByteArrayOutputStream();
    if (open != null) {
      try {
        open.close();
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The next worker on this host clears its spool folder.
      }
    }
  }

  /// Brings up the next chunk, or the tail behind the last one.
  private void load() {
    RandomAccessFile open = disk;
    if (open == null) {
      return;
    }
    try {
      if (readPosition < writePosition) {
        open.seek(readPosition);
        byte[] chunk = new byte[open.readInt()];
        open.readFully(chunk);
        readPosition += Integer.BYTES + chunk.length;
        remember(chunk);
      } else {
        remember(tail.toByteArray());
        tail.reset();
      }
      if (readPosition >= writePosition && tail.size() == 0) {
        closeFile();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read spooled log entries from " + file, e);
    }
  }

  private void remember(byte[] encoded) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
      while (in.available() > 0) {
        LogEntry entry = decode(in);
        memory.add(entry);
        memoryBytes += entry.heapBytes();
      }
    }
  }

  /// A full disk leaves the entries in memory: what a partial write left is written over later.
  private void flush(RandomAccessFile open) {
    byte[] chunk = tail.toByteArray();
    try {
      open.seek(writePosition);
      open.writeInt(chunk.length);
      open.write(chunk);
      writePosition += Integer.BYTES + chunk.length;
      tail.reset();
    } catch (IOException e) {
      // The tail goes on growing, as far as memory may.
    }
  }

  private static void encode(LogEntry entry, ByteArrayOutputStream tail) {
    try (DataOutputStream out = new DataOutputStream(tail)) {
      out.writeLong(entry.jobId());
      out.writeInt(entry.attempt());
      out.writeLong(entry.seq());
      Instant time = entry.timestamp();
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
      out.writeUTF(entry.level().word());
      out.writeUTF(entry.category().word());
      writeText(out, entry.message());
      String data = entry.data();
      out.writeBoolean(data != null);
      if (data != null) {
        writeText(out, data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static LogEntry decode(DataInputStream in) throws IOException {
    return new LogEntry(
        in.readLong(),
        in.readInt(),
        in.readLong(),
        Instant.ofEpochSecond(in.readLong(), in.readInt()),
        LogLevel.ofWord(in.readUTF()),
        LogCategory.ofWord(in.readUTF()),
        readText(in),
        in.readBoolean() ? readText(in) : null);
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
}
