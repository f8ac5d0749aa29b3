package dev.aidp.cli.job;

import dev.aidp.cli.output.Console;
import dev.aidp.cli.output.JobJson;
import dev.aidp.cli.output.Json;
import dev.aidp.cli.session.Database;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.core.error.ErrorCategory;
import dev.aidp.core.job.Job;
import dev.aidp.core.job.JobStatus;
import dev.aidp.core.job.LogEntry;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.db.read.FollowJobs;
import dev.aidp.db.read.FollowJobs.Standing;
import dev.aidp.db.read.ReadJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Blocks until jobs have ended. Polls their rows: what it needs is one small query, and it must
/// work behind every pooler and through a restart of the server.
public final class Waiting {
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  /// How often a waiter looks after the worker.
  private static final Duration WORKER_CHECK = Duration.ofSeconds(2);

  private final Console console;
  private final Database database;
  private final BackgroundWorker worker;
  private final Map<Long, String> saidReasons = new TreeMap<>();
  private long workerCheckedNanos = System.nanoTime();
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;

  /// @param mayStartWorker false: `--no-worker`
  public Waiting(Session session, boolean mayStartWorker) {
    this.console = session.console();
    this.database = session.database();
    this.worker = BackgroundWorker.of(session, mayStartWorker);
  }

  /// `--wait`: shows what the job does until it has ended.
  ///
  /// @param json only the final object goes to stdout
  /// @return the exit code
  public int forOne(long jobId, boolean json) throws InterruptedException {
    String hint = stopHint(List.of(jobId));
    try (Interruption _ = new Interruption(console.err(), hint)) {
      boolean agent = ProviderKind.of(require(jobId).provider()) == ProviderKind.AGENT;
      Consumer<LogEntry> sink =
          json ? LogSinks.none() : agent ? LogSinks.agent(console) : LogSinks.command(console);
      follow(new LogFollower(database, jobId, 1, false), jobId, false, sink);
      Job job = read(jobId);
      if (json) {
        Json.print(console, object(job));
      } else if (agent && job.status() == JobStatus.COMPLETED) {
        printResult(job);
      }
      return report(job);
    } catch (InterruptedException e) {
      console.note(hint);
      throw e;
    }
  }

  /// Hands over the log until the job has ended.
  ///
  /// @param oneAttempt until the attempt that the follower stands at has ended
  public void follow(LogFollower follower, long jobId, boolean oneAttempt, Consumer<LogEntry> sink)
      throws InterruptedException {
    boolean[] moved = {false};
    Consumer<LogEntry> counting =
        entry -> {
          sink.accept(entry);
          moved[0] = true;
        };
    while (true) {
      // The job is asked first: if it had ended by then, its log is complete.
      Standing standing = require(jobId);
      boolean running = follower.drain(counting);
      console.out().flush();
      if (standing.status().ended() || (oneAttempt && !running)) {
        return;
      }
      pauseMillis = moved[0] ? SHORTEST_PAUSE_MILLIS : pauseMillis;
      moved[0] = false;
      pause(List.of(standing));
    }
  }

  /// `jobs wait`: prints nothing on stdout unless JSON is wanted.
  ///
  /// @param timeout null: without limit
  /// @return the exit code
  public int forAll(List<Long> jobIds, @Nullable Duration timeout, boolean json)
      throws InterruptedException {
    long deadline = timeout == null ? 0 : System.nanoTime() + timeout.toNanos();
    String hint = stopHint(jobIds);
    try (Interruption _ = new Interruption(console.err(), hint)) {
      List<Long> pending = new ArrayList<>(jobIds);
      while (true) {
        List<Standing> standings = standings(pending);
        requireAll(pending, standings);
        List<Standing> open =
            standings.stream().filter(standing -> !standing.status().ended()).toList();
        pending = open.stream().map(Standing::id).toList();
        boolean late = timeout != null && System.nanoTime() - deadline >= 0;
        if (open.isEmpty() || late) {
          return reportAll(jobIds, open, json);
        }
        pause(open);
      }
    } catch (InterruptedException e) {
      console.note(hint);
      throw e;
    }
  }

  /// Waits, and says nothing of how they have ended.
  public void untilEnded(List<Long> jobIds) throws InterruptedException {
    String hint = stopHint(jobIds);
    try (Interruption _ = new Interruption(console.err(), hint)) {
      List<Standing> open =
          standings(jobIds).stream().filter(standing -> !standing.status().ended()).toList();
      while (!open.isEmpty()) {
        pause(open);
        open = standings(jobIds).stream().filter(standing -> !standing.status().ended()).toList();
      }
    } catch (InterruptedException e) {
      console.note(hint);
      throw e;
    }
  }

  private int reportAll(List<Long> jobIds, List<Standing> open, boolean json)
      throws InterruptedException {
    int exitCode = 0;
    ArrayNode array = Json.array();
    for (long id : jobIds) {
      Job job = read(id);
      if (json) {
        array.add(object(job));
      }
      if (job.status().ended()) {
        exitCode = Math.max(exitCode, report(job));
      }
    }
    if (json) {
      Json.print(console, array);
    }
    for (Standing standing : open) {
      console.warn(
          "job "
              + standing.id()
              + " is still "
              + standing.status().word()
              + (standing.reason() == null ? "" : ": " + standing.reason()));
    }
    return open.isEmpty() ? exitCode : ErrorCategory.PENDING.exitCode();
  }

  private void requireAll(List<Long> asked, List<Standing> found) {
    for (long id : asked) {
      if (found.stream().noneMatch(standing -> standing.id() == id)) {
        throw noSuchJob(id);
      }
    }
  }

  /// Says what keeps jobs from running, looks after the worker, and sleeps.
  private void pause(List<Standing> open) throws InterruptedException {
    for (Standing standing : open) {
      String reason = standing.reason();
      if (standing.status() == JobStatus.WAITING
          && reason != null
          && !reason.equals(saidReasons.put(standing.id(), reason))) {
        console.note("Job " + standing.id() + " is waiting: " + reason);
      }
    }
    long now = System.nanoTime();
    if (now - workerCheckedNanos > WORKER_CHECK.toNanos()) {
      worker.ensureFor(open.stream().map(Standing::id).toList());
      workerCheckedNanos = now;
    }
    worker.bringOwnSlot(open);
    Thread.sleep(pauseMillis);
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis + pauseMillis / 2);
  }

  private void printResult(Job job) {
    String result = job.result();
    if (result != null && !result.isEmpty()) {
      console.out().println(result.stripTrailing());
      console.out().flush();
    }
  }

  /// @return the exit code that an ended job stands for
  private int report(Job job) {
    if (job.status() == JobStatus.COMPLETED) {
      return 0;
    }
    String why = job.error() == null ? job.reason() : job.error();
    console.warn("job " + job.id() + " " + verb(job.status()) + (why == null ? "" : ": " + why));
    console.note("  See `aidp jobs logs " + job.id() + "`, or `aidp jobs retry " + job.id() + "`");
    return ErrorCategory.FAILED.exitCode();
  }

  private static String verb(JobStatus status) {
    return status == JobStatus.INTERRUPTED ? "was interrupted" : status.word();
  }

  private ObjectNode object(Job job) throws InterruptedException {
    return JobJson.job(
        job, database.patiently(connection -> ReadJobs.executions(connection, job.id())));
  }

  private Job read(long jobId) throws InterruptedException {
    return database
        .patiently(connection -> ReadJobs.byId(connection, jobId))
        .orElseThrow(() -> noSuchJob(jobId));
  }

  private Standing require(long jobId) throws InterruptedException {
    return standings(List.of(jobId)).stream().findFirst().orElseThrow(() -> noSuchJob(jobId));
  }

  private List<Standing> standings(List<Long> jobIds) throws InterruptedException {
    return database.patiently(connection -> FollowJobs.standings(connection, jobIds));
  }

  /// What every command says of an id that no job has.
  public static AidpException noSuchJob(long jobId) {
    return new AidpException(
        ErrorCategory.NOT_FOUND, "There is no job " + jobId, "See `aidp jobs list`");
  }

  private static String stopHint(List<Long> jobIds) {
    String ids = String.join(" ", jobIds.stream().map(String::valueOf).toList());
    return "Stopped waiting; the work goes on. To stop it too: aidp jobs cancel " + ids;
  }
}
