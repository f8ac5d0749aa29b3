package dev.aidp.db.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server says of itself in `postmaster.pid`, which is there from its start to its clean
/// end.
///
/// @param port 0 where the file is not complete yet
/// @param status `starting`, `ready`, `stopping` or empty
record Postmaster(long pid, int port, String status) {
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  static Path file(Path data) {
    return data.resolve("postmaster.pid");
  }

  static Optional<Postmaster> read(Path data) {
    try {
      List<String> lines = Files.readAllLines(file(data));
      String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
      int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
      return Optional.of(new Postmaster(Long.parseLong(lines.get(PID_LINE).strip()), port, status));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      // Absent, or torn by a power-off.
      return Optional.empty();
    }
  }

  boolean ready() {
    return status.equals("ready") && port > 0;
  }
}
