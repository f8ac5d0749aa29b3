package dev.aidp.db.server;

import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// PostgreSQL's programs, unpacked from the class path once for each version.
record Binaries(Path directory) {
  /// The major version that is packaged.
  static final int MAJOR = 18;

  Path program(String name) {
    return directory.resolve("bin").resolve(name);
  }

  /// Unpacks the programs unless they are there. The caller holds the [HomeLock].
  ///
  /// @param parent gets a directory named by version and content
  static Binaries in(Path parent) throws IOException {
    URL archive = archive();
    Path target = parent.resolve(MAJOR + "-" + checksum(archive));
    if (Files.isDirectory(target)) {
      return new Binaries(target);
    }
    Path unfinished = parent.resolve(target.getFileName() + ".unpacking");
    deleteTree(unfinished);
    try (InputStream packed = archive.openStream()) {
      unpack(packed, unfinished);
    } catch (IOException e) {
      deleteTree(unfinished);
      throw e;
    }
    // A name that outlived a power-off while the contents did not would stay broken for ever.
    Command.of("sync", "-f", unfinished.toString()).run();
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    Cluster.syncDirectory(parent);
    return new Binaries(target);
  }

  private static URL archive() {
    String system = Host.isLinux() ? "linux" : "darwin";
    String machine =
        switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> System.getProperty("os.arch");
        };
    String name = "postgres-" + system + "-" + machine + ".txz";
    URL archive = Binaries.class.getClassLoader().getResource(name);
    if (archive == null) {
      throw new AidpException(
          ErrorCategory.DATABASE,
          "This build of aidp has no PostgreSQL for " + system + " on " + machine,
          "Set AIDP_DATABASE_URL to a PostgreSQL of your own (15 or newer)");
    }
    return archive;
  }

  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection jar) {
      // The jar's index has it; reading the whole archive would take longer than starting a server.
      try (JarFile file = jar.getJarFile()) {
        return Long.toHexString(file.getEntry(jar.getEntryName()).getCrc());
      }
    }
    try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
      in.skipNBytes(connection.getContentLengthLong());
      return Long.toHexString(in.getChecksum().getValue());
    }
  }

  /// Unpacks a `.txz`; refuses entries and links that lead out of the target.
  static void unpack(InputStream packed, Path target) throws IOException {
    Path root = Files.createDirectories(target).toRealPath();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(packed)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar, root);
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path root)
      throws IOException {
    Path path = inside(root, root.resolve(entry.getName()), entry);
    if (entry.isDirectory()) {
      Files.createDirectories(path);
    } else if (entry.isSymbolicLink()) {
      inside(root, path.resolveSibling(entry.getLinkName()), entry);
      Files.createDirectories(path.getParent());
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Path existing = inside(root, root.resolve(entry.getLinkName()), entry);
      Files.createDirectories(path.getParent());
      Files.createLink(path, existing);
    } else if (entry.isFile()) {
      Files.createDirectories(path.getParent());
      Files.copy(content, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    } else {
      throw new IOException("unexpected kind of entry: " + entry.getName());
    }
  }

  private static Path inside(Path root, Path path, TarArchiveEntry entry) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(root)) {
      throw new IOException("entry leads out of the archive: " + entry.getName());
    }
    // A link that was unpacked before may stand in for a directory on the way.
    Path walked = root;
    for (Path name : root.relativize(normal)) {
      if (Files.isSymbolicLink(walked)) {
        throw new IOException("entry goes through a link: " + entry.getName());
      }
      walked = walked.resolve(name);
    }
    return normal;
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
