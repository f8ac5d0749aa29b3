package dev.aidp.cli.tui.data;

import dev.aidp.cli.tui.data.Want.Anchor;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.job.Execution;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.CancelJob;
import dev.aidp.db.queue.RetryJob;
import dev.aidp.db.read.CountJobs;
import dev.aidp.db.read.CountJobs.Count;
import dev.aidp.db.read.CountJobs.Counts;
import dev.aidp.db.read.FindJobIds;
import dev.aidp.db.read.ListWorkers;
import dev.aidp.db.read.ReadJobs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The jobs of a database, over one connection that is opened anew after a failure. For one thread.
public final class DatabaseJobs implements JobsSource {
  /// A screen's statement that takes longer is not worth waiting for.
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(30);

  /// Rows beyond the visible ones, so that scrolling does not wait for the database.
  private static final int LEAST_MARGIN = 20;

  private static final int MOST_UNSEEN = 999;

  /// Counting may take this part of the time.
  private static final int COUNTING_SHARE = 20;

  private final Connections connections;
  private final TailReader logs = new TailReader();
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
            case Want.Job job -> detail(open, job);
          };
      Duration latency = Duration.ofNanos(System.nanoTime() - started);
      return new Snapshot(want, overview(open), body, latency);
    });
  }

  private static Snapshot.Jobs jobs(Connection open, Want.Jobs want) throws SQLException {
    int margin = Math.max(LEAST_MARGIN, 2 * want.rows());
    List<Job> rows = new ArrayList<>();
    boolean fromNewest = true;
    boolean toOldest;
    switch (want.anchor()) {
      case Anchor.Newest _ -> {
        rows.addAll(older(open, null, want.rows() + margin));
        toOldest = rows.size() < want.rows() + margin;
      }
      case Anchor.Oldest _ -> {
        rows.addAll(newer(open, Long.MIN_VALUE, want.rows() + margin));
        fromNewest = rows.size() < want.rows() + margin;
        toOldest = true;
      }
      case Anchor.At(long id) -> {
        List<Job> above = newer(open, id, margin);
        fromNewest = above.size() < margin;
        rows.addAll(above);
        List<Job> below = older(open, id + 1, want.rows() + margin);
        toOldest = below.size() < want.rows() + margin;
        rows.addAll(below);
      }
    }
    Count above = fromNewest ? Count.NONE : newerThan(open, rows.getFirst().id(), CountJobs.RECENT);
    Count unseen =
        want.newestSeen() == 0 ? Count.NONE : newerThan(open, want.newestSeen(), MOST_UNSEEN);
    return new Snapshot.Jobs(
        rows.stream().map(JobRow::of).toList(), fromNewest, toOldest, above, unseen);
  }

  private static List<Job> older(Connection open, @Nullable Long beforeId, int limit)
      throws SQLException {
    return ReadJobs.list(open, new ReadJobs.Filter(null, null, null, beforeId, limit), false);
  }

  private static List<Job> newer(Connection open, long afterId, int limit) throws SQLException {
    List<Long> ids = FindJobIds.after(open, afterId, limit);
    return ids.isEmpty() ? List.of() : ReadJobs.byIds(open, ids, false);
  }

  private static Count newerThan(Connection open, long id, int cap) throws SQLException {
    return CountJobs.newerThan(open, id, cap);
  }

  private Snapshot.Detail detail(Connection open, Want.Job want) throws SQLException {
    Optional<Job> job = ReadJobs.byId(open, want.id());
    List<Execution> executions = ReadJobs.executions(open, want.id());
    return new Snapshot.Detail(job, executions, logs.read(open, executions, want.logs()));
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

  @Override
  public String perform(Request request) {
    countsDueNanos = System.nanoTime();
    long id = request.jobId();
    return answer(open ->
        switch (request) {
          case Request.Retry _ -> {
            RetryJob.retry(open, id, RetryJob.From.SCRATCH);
            yield "job " + id + " will run anew";
          }
          case Request.Resume _ -> {
            RetryJob.retry(open, id, RetryJob.From.SESSION);
            yield "job " + id + " will go on from its saved state";
          }
          case Request.Cancel _ -> cancelled(id, CancelJob.cancel(open, id));
        });
  }

  private static String cancelled(long id, Optional<JobStatus> status) {
    if (status.isEmpty()) {
      return "there is no job " + id;
    }
    return switch (status.get()) {
      case RUNNING -> "asked the worker to stop job " + id;
      case INTERRUPTED -> "job " + id + " is cancelled";
      case QUEUED, WAITING, COMPLETED, FAILED ->
          "job %d is %s already".formatted(id, status.get().word());
    };
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
        logs.forget();
      }
    }
  }
}
