package dev.aidp.db.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one process at a time make, start or stop the server. Waits for as long as it takes: all
/// that is done under it has a time limit of its own, and the kernel frees a dead holder's lock.
final class HomeLock implements AutoCloseable {
  /// The file lock holds between processes; within one it would be an error to ask twice.
  private static final ReentrantLock THIS_PROCESS = new ReentrantLock();

  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  static HomeLock acquire(Path control) throws IOException {
    THIS_PROCESS.lock();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              control.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return new HomeLock(channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      THIS_PROCESS.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      THIS_PROCESS.unlock();
    }
  }
}
