package dev.aidp.cli.tui;

import dev.aidp.cli.tui.keys.Key;
import dev.aidp.cli.tui.keys.KeyDecoder;
import dev.aidp.cli.tui.screen.Event;
import java.io.IOException;
import java.util.Optional;
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
        Optional<Key> key = keys.read(PATIENCE_MILLIS);
        key.ifPresent(pressed -> post.accept(new Event.Pressed(pressed)));
      }
    } catch (ClosedException e) {
      closed = true;
    } catch (IOException e) {
      post.accept(new Event.HungUp());
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
