package dev.aidp.worker.environment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keeps the environments of the shells that queued jobs, readable by their user only. The database
/// holds nothing but their ids.
///
/// Equal environments of one database share one file. An id is a keyed digest of the content, so
/// that it tells nothing about it, and a damaged file is noticed. Thread-safe, and safe beside
/// other processes.
public final class JobEnvironments {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Duration YOUNG = Duration.ofHours(1);
  private static final int MAX_BYTES = 64 << 20;
  private static final int KEY_BYTES = 32;

  /// Set by the supervision of the job that queued another one; it is not the other one's.
  private static final String SUPERVISION_MARKER = "AIDP_EXECUTION";

  /// A lock between processes does not hold back the threads of one.
  private static final ReentrantLock THREAD_LOCK = new ReentrantLock();

  /// An id begins with so many digits of its database's id: what jobs of another database need is
  /// not known here.
  private static final int DATABASE_DIGITS = 8;

  private final Path directory;
  private final String prefix;
  private final Clock clock;

  /// @param home `AIDP_HOME`; made when the first environment is kept
  /// @param database whose jobs need the environments
  public JobEnvironments(Path home, UUID database, Clock clock) {
    this.directory = home.resolve("env");
    this.prefix = database.toString().substring(0, DATABASE_DIGITS);
    this.clock = clock;
  }

  /// Stores an environment, or marks the equal one that is there as used.
  ///
  /// @return its id: 32 hexadecimal digits
  public String keep(Map<String, String> environment) throws IOException {
    byte[] content = bytes(environment);
    makeDirectory();
    return locked(() -> {
      String id = id(content, key());
      Path file = directory.resolve(id);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == content.length) {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      } else {
        write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      }
      return id;
    });
  }

  /// The environment as it was kept.
  ///
  /// @param id may be anything
  /// @return empty if there is none of this id on this host, or if it is damaged
  /// @throws IOException it is there and cannot be read
  public Optional<Map<String, String>> load(String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    try {
      byte[] content = read(directory.resolve(id));
      byte[] key = read(directory.resolve("key"));
      boolean genuine =
          MessageDigest.isEqual(
              id(content, key).getBytes(StandardCharsets.US_ASCII),
              id.getBytes(StandardCharsets.US_ASCII));
      return genuine ? Optional.of(parse(content)) : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// Removes what no job of the database needs. One that was kept within the last hour stays: its
  /// job may not be committed yet.
  ///
  /// @param needed ids of all jobs that have not ended
  /// @return how many were removed
  public int prune(Set<String> needed) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    return locked(() -> {
      int removed = 0;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          boolean left =
              ID.matcher(name).matches()
                  ? name.startsWith(prefix) && !needed.contains(name)
                  : isPartial(name);
          if (left && isOld(file)) {
            Files.deleteIfExists(file);
            removed++;
          }
        }
      }
      return removed;
    });
  }

  private static boolean isPartial(String name) {
    return name.startsWith(".partial");
  }

  private boolean isOld(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Instant limit = clock.instant().minus(YOUNG);
    return attributes.isRegularFile() && attributes.lastModifiedTime().toInstant().isBefore(limit);
  }

  private void makeDirectory() throws IOException {
    Path home = directory.getParent();
    if (home != null) {
      Files.createDirectories(home);
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (java.nio.file.FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
      }
    }
    // One that was made by hand may be open to others.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private byte[] key() throws IOException {
    Path file = directory.resolve("key");
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == KEY_BYTES) {
      return read(file);
    }
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    write(file, key);
    return key;
  }

  private static byte[] read(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long size = channel.size();
      if (size > MAX_BYTES) {
        throw new IOException(file + " is too large to be an environment");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until all is read.
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  /// Appears whole or not at all, also after a power failure: a job in the database names it.
  private void write(Path file, byte[] content) throws IOException {
    // Temporary files are their owner's only from the first.
    Path partial = Files.createTempFile(directory, ".partial", null);
    try {
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static byte[] bytes(Map<String, String> environment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      // What no process can have would make the file ambiguous.
      boolean possible =
          !name.isEmpty()
              && name.indexOf('=') < 0
              && name.indexOf('\0') < 0
              && variable.getValue().indexOf('\0') < 0;
      if (possible && !name.equals(SUPERVISION_MARKER)) {
        bytes.writeBytes(
            (name + "=" + variable.getValue() + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> parse(byte[] content) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : new String(content, StandardCharsets.UTF_8).split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return Map.copyOf(environment);
  }

  private String id(byte[] content, byte[] key) throws IOException {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return prefix + HexFormat.of().formatHex(mac.doFinal(content), 0, 12);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("cannot make the id of an environment", e);
    }
  }

  private <T> T locked(Action<T> action) throws IOException {
    THREAD_LOCK.lock();
    try (FileChannel file =
            FileChannel.open(
                directory.resolve(".lock"),
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        FileLock lock = file.lock()) {
      if (!lock.isValid()) {
        throw new IOException(directory + " cannot be locked");
      }
      return action.run();
    } finally {
      THREAD_LOCK.unlock();
    }
  }

  private interface Action<T> {
    T run() throws IOException;
  }
}
