package dev.aidp.cli.tui.data;

import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.FindMatchingJobs;
import dev.aidp.db.read.JobFilter;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ReadJobs;
import dev.aidp.db.read.ReadRunGraph;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The jobs of a database, over one connection that is opened anew after a failure. For one thread.
public final class DatabaseJobs implements JobsSource {
  /// A screen's statement that takes longer is not worth waiting for.
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(30);

  private static final int MOST_UNSEEN = 999;
  private static final int MOST_ENDED = 20;
  private static final int MOST_RUNS = 200;
  private static final int MOST_NODES = 2_000;

  /// Counting may take this part of the time.
  private static final int COUNTING_SHARE = 20;

  private final Connections connections;
  private final Catalog catalog;
  private final JobReader job = new JobReader();
  private final FilteredJobs filtered = new FilteredJobs();
  private @Nullable Connection connection;
  private Counts counts = Counts.NONE;
  private Set<Long> running = Set.of();
  private long countsDueNanos = System.nanoTime();

  private DatabaseJobs(Connections connections, Catalog catalog) {
    this.connections = connections;
    this.catalog = catalog;
  }

  /// @throws AidpException (database) when it can't be reached
  public static DatabaseJobs open(Connections connections, Catalog catalog) {
    DatabaseJobs jobs = new DatabaseJobs(connections, catalog);
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
            case Want.Workers _ -> new Snapshot.Workers(ListWorkers.live(open));
            case Want.Runs _ -> new Snapshot.Runs(runs(open));
            case Want.Run(UUID id) -> graph(open, id);
            case Want.Menu _ -> new Snapshot.Nothing();
            case Want.Prompts _ -> new Snapshot.Prompts(catalog.prompts());
            case Want.Pipelines _ -> new Snapshot.Pipelines(catalog.pipelines());
            case Want.Workflow _ -> new Snapshot.Workflow(catalog.workflow());
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

  private static List<RunText.Run> runs(Connection open) throws SQLException {
    return ReadRunGraph.latest(open, MOST_RUNS).stream().map(RunText::of).toList();
  }

  private static Snapshot.Graph graph(Connection open, UUID id) throws SQLException {
    return new Snapshot.Graph(
        ReadRunGraph.run(open, id).map(RunText::of),
        ReadRunGraph.nodes(open, id, MOST_NODES).stream().map(RunText::of).toList());
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
    return new Snapshot.Overview(alive, workers.size(), counts, ended(open, workers));
  }

  private List<JobRow> ended(Connection open, List<ListWorkers.Worker> workers)
      throws SQLException {
    Set<Long> now = new HashSet<>();
    workers.forEach(worker -> now.addAll(worker.running()));
    List<Long> gone =
        running.stream().filter(id -> !now.contains(id)).sorted().limit(MOST_ENDED).toList();
    running = now;
    return gone.isEmpty()
        ? List.of()
        : ReadJobs.byIds(open, gone, false).stream()
            .map(JobRow::of)
            .filter(row -> row.status().ended())
            .toList();
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
