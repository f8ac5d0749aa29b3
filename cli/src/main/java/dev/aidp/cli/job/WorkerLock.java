package dev.aidp.cli.job;

import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What keeps background workers to one per host, user and database: a lock that the worker holds
/// as long as it claims, and a mark that one is on its way, so that ten commands at once do not
/// start ten processes of which nine find the lock taken.
public final class WorkerLock implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path lockFile;
  private final Path startingFile;
  private @Nullable FileChannel channel;

  public WorkerLock(Session session) {
    Path run = session.directories().make("run");
    String name = "worker-" + session.database().id();
    this.lockFile = run.resolve(name + ".lock");
    this.startingFile = run.resolve(name + ".starting");
  }

  /// Says that a worker is about to be started.
  ///
  /// @return false if somebody else has said so a short while ago
  boolean announceStart() {
    try {
      try {
        Files.createFile(startingFile);
        return true;
      } catch (FileAlreadyExistsException e) {
        Instant since = Files.getLastModifiedTime(startingFile).toInstant();
        if (since.plus(START_LIMIT).isAfter(Instant.now())) {
          return false;
        }
        Files.setLastModifiedTime(startingFile, FileTime.from(Instant.now()));
        return true;
      } catch (NoSuchFileException e) {
        return true;
      }
    } catch (IOException e) {
      throw failure(startingFile, e);
    }
  }

  /// The worker is known to the database, or will never be.
  public void startEnded() {
    try {
      Files.deleteIfExists(startingFile);
    } catch (IOException e) {
      throw failure(startingFile, e);
    }
  }

  /// Takes the lock; one that is being given up is waited for.
  ///
  /// @return false if another worker keeps it
  public boolean acquire(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      FileChannel opened =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (!tryLock(opened)) {
        if (System.nanoTime() - deadline > 0) {
          opened.close();
          return false;
        }
        Thread.sleep(PAUSE);
      }
      channel = opened;
      return true;
    } catch (IOException e) {
      throw failure(lockFile, e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null && lock.isValid();
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static AidpException failure(Path file, IOException e) {
    return new AidpException(
        ErrorCategory.INTERNAL,
        "The worker's lock " + file + " can't be used: " + e,
        "Make it writable, or set AIDP_HOME to another directory",
        e);
  }

  /// Gives the lock up, if it is held.
  @Override
  public void close() {
    FileChannel held = channel;
    channel = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw failure(lockFile, e);
      }
    }
  }
}
