package dev.aidp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Linux tells about a process.
final class Memory {
  private Memory() {}

  /// @param field `VmRSS`, or `VmHWM` for the peak
  /// @return -1 where the system does not tell
  static long residentKib(long pid, String field) throws IOException {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    if (!Files.exists(status)) {
      return -1;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }
}
