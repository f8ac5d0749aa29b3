package dev.aidp.cli.tui.data;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.FindMatchingJobs;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ListWorkers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The jobs of a database, over one connection that is opened anew after a failure. For one thread.
public final class DatabaseJobs implements JobsSource {
  /// A screen's statement that takes longer is not worth waiting for.
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(30);

  private static final int MOST_UNSEEN = 999;

  /// Counting may take this part of the time.
  private static final int COUNTING_SHARE = 20;

  private final Connections connections;
  private final JobReader job = new JobReader();
  private final FilteredJobs filtered = new FilteredJobs();
  private @Nullable Connection connection;
  private Counts counts = Counts.NONE;
  private long countsDueNanos = System.nanoTime();

  private DatabaseJobs(Connections connections) {
    this.connections = connections;
  }

  /// @throws AidpException (database) when it can't be reached
  public static DatabaseJobs open(Connections connections) {
    DatabaseJobs jobs = new DatabaseJobs(connections);
    jobs.connected();
    return jobs;
  }

  @Override
  public Snapshot read(Want want) {
    return answer(open -> {
      long started = System.nanoTime();
      Snapshot.Body body =
          switch (want) {
            case Want.Jobs jobs -> jobs(open, jobs);
            case Want.Job one -> job.read(open, one);
          };
      Duration latency = Duration.ofNanos(System.nanoTime() - started);
      return new Snapshot(want, overview(open), body, latency);
    });
  }

  private Snapshot.Jobs jobs(Connection open, Want.Jobs want) throws SQLException {
    Count unseen = unseen(open, want);
    return want.filter().equals(JobFilter.ALL)
        ? JobPages.read(open, want, unseen)
        : filtered.read(open, want, unseen);
  }

  private static Count unseen(Connection open, Want.Jobs want) throws SQLException {
    if (want.newestSeen() == 0) {
      return Count.NONE;
    }
    if (want.filter().equals(JobFilter.ALL)) {
      return CountJobs.newerThan(open, want.newestSeen(), MOST_UNSEEN);
    }
    FindMatchingJobs.Step some =
        FindMatchingJobs.step(
            open,
            want.filter(),
            FindMatchingJobs.Direction.NEWER,
            want.newestSeen(),
            CountJobs.RECENT);
    return new Count(some.ids().size(), some.looked() < CountJobs.RECENT);
  }

  private Snapshot.Overview overview(Connection open) throws SQLException {
    List<ListWorkers.Worker> workers = ListWorkers.live(open);
    int alive =
        (int)
            workers.stream()
                .filter(worker -> worker.heartbeatAge().compareTo(SIGN_OF_LIFE) < 0)
                .count();
    long started = System.nanoTime();
    if (started - countsDueNanos >= 0) {
      counts = CountJobs.byStatus(open);
      long took = System.nanoTime() - started;
      countsDueNanos = started + COUNTING_SHARE * took;
    }
    return new Snapshot.Overview(alive, workers.size(), counts);
  }

  /// Work on a connection.
  @FunctionalInterface
  private interface Query<T> {
    T run(Connection open) throws SQLException;
  }

  private <T> T answer(Query<T> query) {
    try {
      return query.run(connected());
    } catch (SQLException e) {
      close();
      throw connections.failure(e);
    }
  }

  private Connection connected() {
    Connection open = connection;
    if (open == null) {
      open = connections.open("jobs table", STATEMENT_TIMEOUT);
      connection = open;
    }
    return open;
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // It is of no use any more, whatever it says.
        job.forget();
      }
    }
  }
}
