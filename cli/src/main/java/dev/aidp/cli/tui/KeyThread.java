package dev.aidp.cli.tui;

import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.KeyDecoder;
import dev.aidp.cli.tui.screen.Event;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jline.utils.ClosedException;
import org.jline.utils.NonBlockingReader;

/// Reads keys and posts them.
final class KeyThread implements AutoCloseable {
  /// How soon it ends when closed; a key pressed later is left to who reads next.
  private static final long PATIENCE_MILLIS = 200;

  private final KeyDecoder keys;
  private final Consumer<Event> post;
  private final Thread thread;
  private volatile boolean closed;

  /// Held while reading. Fair, so that whoever wants the keys for another program gets them.
  private final ReentrantLock reading = new ReentrantLock(true);

  KeyThread(NonBlockingReader reader, Consumer<Event> post) {
    keys = new KeyDecoder(reader);
    this.post = post;
    thread = new Thread(this::run, "aidp-table-keys");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        Optional<Key> key = next();
        key.ifPresent(pressed -> post.accept(new Event.Pressed(pressed)));
      }
    } catch (ClosedException e) {
      closed = true;
    } catch (IOException e) {
      post.accept(new Event.HungUp());
    }
  }

  private Optional<Key> next() throws IOException {
    reading.lock();
    try {
      return keys.read(PATIENCE_MILLIS);
    } finally {
      reading.unlock();
    }
  }

  /// Reads no keys while something else does. Waits for the end of the read that goes on.
  void pausedWhile(Runnable other) {
    reading.lock();
    try {
      other.run();
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(2 * PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
