package dev.aidp.db.server;

import dev.aidp.db.connect.DatabaseAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What must be known of the server besides its data, kept in `AIDP_HOME/postgres/server` (0600).
///
/// @param directory holds data, binaries and log; `AIDP_HOME/postgres` unless the server's account
///   can't get there
/// @param port the last one used, 0 for none
/// @param owner who started the server last
record Cluster(Path directory, String password, int port, Owner owner) {
  static final String USER = "aidp";
  private static final String FILE = "server";

  Path data() {
    return data(directory);
  }

  static Path data(Path directory) {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("server.log");
  }

  /// Locked, by `flock`, for as long as any process of the server lives.
  Path alive() {
    return directory.resolve("alive");
  }

  DatabaseAddress address(int atPort) {
    return DatabaseAddress.embedded(atPort, USER, password);
  }

  Cluster startedBy(Owner newOwner, int newPort) {
    return new Cluster(directory, password, newPort, newOwner);
  }

  /// @param control `AIDP_HOME/postgres`, a real path
  static Optional<Cluster> read(Path control) throws IOException {
    Path file = control.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    String password = values.getOrDefault("password", "");
    String port = values.getOrDefault("port", "");
    if (password.isEmpty() || !port.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Cluster(
            // Relative, so that a copied or moved AIDP_HOME does not point back at the old one.
            control.resolve(values.getOrDefault("directory", "")),
            password,
            Integer.parseInt(port),
            new Owner(
                values.getOrDefault("boot", ""),
                values.getOrDefault("pidNamespace", ""),
                values.getOrDefault("machine", ""))));
  }

  void write(Path control) throws IOException {
    String text =
        """
        directory=%s
        password=%s
        port=%d
        boot=%s
        pidNamespace=%s
        machine=%s
        """
            .formatted(
                directory.equals(control) ? "" : directory,
                password,
                port,
                owner.bootId(),
                owner.pidNamespace(),
                owner.machine());
    Path next = control.resolve(FILE + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, control.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(control);
  }

  /// Makes a rename within a directory last through a power-off.
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
