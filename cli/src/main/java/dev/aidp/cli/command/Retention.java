package dev.aidp.cli.command;

import dev.aidp.cli.config.Configuration;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.prune.DropLogPartitions;
import dev.aidp.db.prune.PruneHistory;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.worker.engine.WorkerEvents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Deletes the history of the directories that a worker has worked in, as `retention` says there:
/// every hour and when the worker ends. A directory's configuration decides about its own history
/// alone, so that it needs no trust.
final class Retention implements WorkerEvents, AutoCloseable {
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final Connections connections;
  private final Path configDirectory;
  private final Consumer<String> warn;
  private final Set<String> workspaces = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().name("aidp-retention").daemon().unstarted(this::loop);

  Retention(Connections connections, Path configDirectory, Consumer<String> warn) {
    this.connections = connections;
    this.configDirectory = configDirectory;
    this.warn = warn;
  }

  void start() {
    thread.start();
  }

  @Override
  public void claimed(ClaimedJob job) {
    if (job.workspace() != null) {
      workspaces.add(job.workspace());
    }
  }

  private void loop() {
    try {
      while (!closed.await(INTERVAL.toMinutes(), TimeUnit.MINUTES)) {
        pruneAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pruneAll() {
    for (String workspace : workspaces) {
      try {
        Duration kept =
            Configuration.load(Path.of(workspace), configDirectory).settings().retention();
        if (kept != null) {
          prune(workspace, kept);
        }
      } catch (SQLException | AidpException e) {
        warn.accept("old history of " + workspace + " stays: " + e.getMessage());
      }
    }
  }

  private void prune(String workspace, Duration kept) throws SQLException {
    try (Connection connection = connections.open("retention", Duration.ZERO)) {
      PruneHistory.pruneWorkspace(connection, kept, workspace);
      DropLogPartitions.empty(connection);
    }
  }

  /// Deletes once more. Blocks until it is done.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
      pruneAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
