package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The server's log file, and what can be read out of it.
record ServerLog(Path file) {
  private static final long LIMIT_BYTES = 16L << 20;
  private static final int TAIL_BYTES = 64 << 10;

  long size() throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /// Keeps the log at two files of 16 MiB. The server appends, so it can be cut beneath it.
  void bound() throws IOException {
    if (size() > LIMIT_BYTES) {
      Path old = file.resolveSibling(file.getFileName() + ".1");
      Files.copy(
          file, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
    }
  }

  /// What was logged after a size, at most its last 64 KiB.
  String since(long sizeBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long start = Math.max(sizeBytes, channel.size() - TAIL_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - start));
      while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  static boolean isFullDisk(String text) {
    return text.contains("No space left on device") || text.contains("Disk quota exceeded");
  }

  static AidpException fullDisk(Path directory) {
    return new AidpException(
        ErrorCategory.DATABASE,
        "The disk that holds " + directory + " is full: the embedded PostgreSQL can't start",
        "Free some space there and try again, or set AIDP_HOME to a directory on another disk");
  }

  /// The line that says most about a failure.
  static String lastError(String text) {
    List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    for (String mark : List.of("PANIC:", "FATAL:", "initdb: error:", "ERROR:", "error:")) {
      for (String line : lines.reversed()) {
        int at = line.indexOf(mark);
        if (at >= 0) {
          return line.substring(at + mark.length()).strip();
        }
      }
    }
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }
}
