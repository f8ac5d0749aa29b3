package dev.aidp.worker.housekeeping;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.prune.CreateLogPartitions;
import dev.aidp.db.prune.DropLogPartitions;
import dev.aidp.db.prune.PruneHistory;
import dev.aidp.db.read.FindNeededEnvironments;
import dev.aidp.worker.environment.JobEnvironments;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a worker does every hour or so for the database and its own home: the next months'
/// partitions of the log, what a configured retention lets go, and the environments that no job
/// needs. Every worker does it; all of it is safe to repeat, and beside others.
public final class Housekeeping implements AutoCloseable {
  private static final Duration FIRST = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofHours(1);

  private final Connections connections;
  private final JobEnvironments environments;
  private final @Nullable Duration retention;
  private final Consumer<String> warnings;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("aidp-housekeeping").daemon().factory());

  /// @param environments those of this host and user
  /// @param retention how long what has ended is kept; null: for ever
  /// @param warnings takes what went wrong; it is tried again an hour later
  public Housekeeping(
      Connections connections,
      JobEnvironments environments,
      @Nullable Duration retention,
      Consumer<String> warnings) {
    this.connections = connections;
    this.environments = environments;
    this.retention = retention;
    this.warnings = warnings;
  }

  /// Begins; the first time comes after a while, and not at once on all hosts.
  public void start() {
    double jitter = 1 + ThreadLocalRandom.current().nextDouble();
    thread.scheduleWithFixedDelay(
        this::once, (long) (FIRST.toMillis() * jitter), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Does all of it now. A failure is only told.
  public void once() {
    try (Connection connection = connections.open("housekeeping", Duration.ZERO)) {
      CreateLogPartitions.ahead(connection);
      if (retention != null) {
        PruneHistory.prune(connection, retention);
        DropLogPartitions.empty(connection);
      }
      environments.prune(FindNeededEnvironments.ids(connection));
    } catch (SQLException | IOException | AidpException e) {
      warnings.accept("housekeeping was not finished: " + e.getMessage());
    }
  }

  /// What is under way is left to end with its connection.
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
