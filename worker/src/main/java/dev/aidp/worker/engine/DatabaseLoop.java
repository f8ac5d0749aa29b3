package dev.aidp.worker.engine;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection of one thread, opened anew when it is lost. Work is repeated until it is done or
/// the worker stops, so it must be safe to repeat.
final class DatabaseLoop implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Source source;
  private final CountDownLatch stopping;
  private @Nullable Connection connection;
  private long generation;

  /// @param stopping opened when nothing shall be repeated any more
  DatabaseLoop(Connections connections, String purpose, CountDownLatch stopping) {
    this(() -> connections.open(purpose), stopping);
  }

  /// As the other constructor, with connections from elsewhere, such as a pool.
  DatabaseLoop(Source source, CountDownLatch stopping) {
    this.source = source;
    this.stopping = stopping;
  }

  /// Where connections come from. This closes them.
  @FunctionalInterface
  interface Source {
    Connection open() throws SQLException;
  }

  /// Work on a connection.
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /// The database could not be reached until the worker stopped.
  static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(Throwable cause) {
      super(cause);
    }
  }

  /// Does the work, once.
  ///
  /// @throws SQLException as it comes; the connection is dropped if it broke
  /// @throws AidpException if no connection can be opened
  <T> T once(Work<T> work) throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = source.open();
      connection = current;
      generation++;
    }
    try {
      return work.on(current);
    } catch (SQLException | RuntimeException e) {
      dropIfBroken(current, e);
      throw e;
    }
  }

  /// Does the work, again and again while the database is away or another transaction was in the
  /// way.
  ///
  /// @throws SQLException for anything that repeating does not mend
  <T> T repeat(Work<T> work) throws SQLException, Unreachable, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return once(work);
      } catch (SQLException | RuntimeException e) {
        if (!Connections.isTransient(e) && !(e instanceof AidpException)) {
          throw e;
        }
        double jitter = 0.5 + ThreadLocalRandom.current().nextDouble() / 2;
        long pauseMillis = (long) (pause.toMillis() * jitter);
        if (stopping.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          throw new Unreachable(e);
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  /// Grows with each new connection: the same number twice means that nothing broke in between.
  long generation() {
    return generation;
  }

  private void dropIfBroken(Connection current, Exception e) {
    boolean conflict = e instanceof SQLException sql && isConflict(sql);
    if (conflict) {
      return;
    }
    try {
      current.close();
    } catch (SQLException closing) {
      e.addSuppressed(closing);
    }
    connection = null;
  }

  private static boolean isConflict(SQLException e) {
    return "40P01".equals(e.getSQLState()) || "40001".equals(e.getSQLState());
  }

  @Override
  public void close() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (SQLException e) {
        // It is gone either way.
      }
    }
  }
}
