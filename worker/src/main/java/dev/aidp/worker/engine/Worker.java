package dev.aidp.worker.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.aidp.core.outcome.RetryPolicy;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.EndWorker;
import dev.aidp.db.queue.FindTakeable;
import dev.aidp.db.queue.RegisterWorker;
import dev.aidp.db.read.DatabaseIdentity;
import dev.aidp.worker.process.ProcessSupervisor;
import dev.aidp.worker.provider.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A worker: claims jobs and runs them in its slots until it is stopped, drained, or idle for too
/// long. Start reading here; then [Producer], [Executor], [Completer] are the way of a job.
///
/// `start()` fails loudly; `close()` blocks, can be repeated, and interrupts what still runs.
public final class Worker implements AutoCloseable {
  private static final int POOL_SIZE = 4;
  private static final Duration IDLE_LOOK = Duration.ofSeconds(1);

  private final WorkerOptions options;
  private final Connections connections;
  private final WorkerEvents events;
  private final InstantSource clock;
  private final RetryPolicy retryPolicy =
      new RetryPolicy(() -> ThreadLocalRandom.current().nextDouble());

  /// Nothing more shall be claimed.
  private final CountDownLatch draining = new CountDownLatch(1);

  /// The threads shall end.
  private final CountDownLatch stopping = new CountDownLatch(1);

  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Slots slots;
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private volatile @Nullable WorkerContext context;
  private volatile @Nullable LeaseKeeper leaseKeeper;
  private volatile @Nullable Producer producer;

  public Worker(
      WorkerOptions options, Connections connections, WorkerEvents events, InstantSource clock) {
    this.options = options;
    this.connections = connections;
    this.events = events;
    this.clock = clock;
    this.slots = new Slots(options.slots());
  }

  /// Registers the worker and begins to claim.
  ///
  /// @throws dev.aidp.core.error.AidpException if the database cannot be used
  public void start() {
    boolean started = false;
    try {
      startParts();
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private void startParts() {
    Path scratch = directory("run");
    HikariDataSource pool = connections.pool("worker", POOL_SIZE);
    toClose.push(pool);
    ProcessSupervisor supervisor = ProcessSupervisor.open(scratch);
    toClose.push(supervisor);
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("aidp-scheduler").daemon().factory());
    toClose.push(scheduler::shutdownNow);
    String databaseId;
    RegisterWorker.Registered registered;
    try (Connection connection = pool.getConnection()) {
      databaseId = DatabaseIdentity.of(connection).toString();
      registered = RegisterWorker.register(connection, facts());
    } catch (SQLException e) {
      throw connections.failure(e);
    }
    WorkerContext worker =
        new WorkerContext(
            options,
            connections,
            new WorkerContext.WorkerResources(pool, stopping, supervisor, scheduler),
            databaseId,
            events,
            registered);
    context = worker;
    startLoops(worker);
    events.started(registered.id());
  }

  private void startLoops(WorkerContext worker) {
    ClaimKeys keys = new ClaimKeys(options.host().label(), worker.providerNames());
    ReadyNotifier notifier = new ReadyNotifier(worker, keys, slots);
    Completer completer = new Completer(connections, stopping, notifier::released, slots::ring);
    toClose.push(completer);
    LogWriter logWriter = new LogWriter(worker.running(), connections, stopping, events::logged);
    toClose.push(logWriter);
    Fallback fallback = new Fallback(worker);
    Executor executor = new Executor(worker, completer, logWriter, retryPolicy, fallback);
    LeaseKeeper keeper =
        new LeaseKeeper(worker, slots, completer, retryPolicy, connections, this::facts);
    toClose.push(keeper);
    Reaper reaper = new Reaper(worker, retryPolicy, events, connections, notifier::released);
    toClose.push(reaper);
    PauseLifter lifter = new PauseLifter(worker, keys, slots);
    SpendingKeeper spending = new SpendingKeeper(worker);
    toClose.push(spending);
    Path spool = directory("spool");
    Producer jobs =
        new Producer(
            worker,
            keys,
            slots,
            fallback,
            connections,
            draining,
            job -> {
              ExecutionLog log =
                  new ExecutionLog(
                      job,
                      clock,
                      spool.resolve(job.lease().executionId() + "-" + job.lease().token()),
                      logWriter::ring);
              RunningExecution execution =
                  new RunningExecution(job, log, new StopSignal(), worker.registered().id());
              if (job.probe() != null) {
                log.onAnswer(() -> lifter.answered(job));
              }
              worker.running().add(execution);
              events.claimed(job);
              executor.start(execution, () -> slots.release(1));
            },
            this::drain);
    toClose.push(jobs);
    completer.start();
    logWriter.start();
    keeper.start();
    reaper.start();
    spending.start();
    if (connections.sessionFeatures()) {
      WakeListener listener = new WakeListener(worker, keys, slots, connections);
      toClose.push(listener);
      listener.start();
    }
    jobs.start();
    leaseKeeper = keeper;
    producer = jobs;
  }

  private RegisterWorker.Facts facts() {
    return new RegisterWorker.Facts(
        options.host().label(),
        (int) options.host().pid(),
        options.host().bootId(),
        options.host().pidNamespace(),
        options.host().startTicks(),
        slots.total(),
        List.copyOf(WorkerContext.providerNames(options)),
        options.background(),
        options.version());
  }

  private Path directory(String name) {
    try {
      return Files.createDirectories(options.home().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + options.home().resolve(name), e);
    }
  }

  /// Blocks until the worker has nothing more to do: it was told to drain, `--drain` found nothing
  /// runnable, or it was idle for too long. Running jobs are then given the grace to end.
  ///
  /// @param grace for jobs that still run
  public void run(Duration grace) throws InterruptedException {
    long idleSince = System.nanoTime();
    while (!draining.await(IDLE_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (slots.used() > 0 || !isIdle()) {
        idleSince = System.nanoTime();
      }
      Duration idleExit = options.idleExit();
      if (idleExit != null && System.nanoTime() - idleSince >= idleExit.toNanos()) {
        if (!somethingToCome()) {
          break;
        }
        idleSince = System.nanoTime();
      }
    }
    drain();
    awaitEndOfJobs(grace);
    close();
  }

  private boolean isIdle() {
    Producer jobs = producer;
    return jobs != null && jobs.nothingToClaim();
  }

  private boolean somethingToCome() {
    WorkerContext worker = context;
    if (worker == null) {
      return false;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      return database.once(connection ->
          FindTakeable.any(connection, options.host().label(), worker.providerNames()));
    } catch (SQLException | RuntimeException e) {
      // Without the database nothing can be said; a worker that stays costs less than a lost one.
      return true;
    }
  }

  private void awaitEndOfJobs(Duration grace) throws InterruptedException {
    long deadline = System.nanoTime() + grace.toNanos();
    while (interrupted.getCount() > 0 && System.nanoTime() - deadline < 0) {
      if (slots.awaitIdle(Duration.ofMillis(100))) {
        return;
      }
    }
  }

  /// Claims nothing more. Safe to call from a signal handler, and again.
  public void drain() {
    draining.countDown();
    slots.ring();
    LeaseKeeper keeper = leaseKeeper;
    if (keeper != null) {
      keeper.drain();
    }
  }

  /// Does not wait for running jobs any longer: [#run] interrupts them at once.
  public void interruptNow() {
    interrupted.countDown();
    drain();
  }

  public int running() {
    return slots.used();
  }

  /// Interrupts what runs, writes back what can be written, and ends. Blocks; can be repeated.
  @Override
  public void close() {
    synchronized (closed) {
      if (closed.getCount() == 0) {
        return;
      }
      drain();
      closeParts();
      closed.countDown();
    }
  }

  private void closeParts() {
    WorkerContext worker = context;
    boolean interruptedMeanwhile = false;
    Producer jobs = producer;
    if (jobs != null) {
      jobs.close();
    }
    if (worker != null) {
      worker.running().all().forEach(each -> each.stop().request(StopSignal.Cause.SHUTDOWN));
      try {
        slots.awaitIdle(options.timing().stopGrace().plusSeconds(10));
      } catch (InterruptedException e) {
        interruptedMeanwhile = true;
      }
      endRegistration(worker);
    }
    stopping.countDown();
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (Exception e) {
        events.problem("closing the worker", e);
      }
    }
    if (interruptedMeanwhile) {
      Thread.currentThread().interrupt();
    }
  }

  private void endRegistration(WorkerContext worker) {
    if (slots.used() > 0) {
      // What could not be written back is moved on by whoever finds this worker gone.
      return;
    }
    try (DatabaseLoop database = worker.borrowConnection()) {
      database.once(connection ->
          EndWorker.end(connection, worker.registered().id(), EndWorker.Reason.STOPPED, null));
    } catch (SQLException | RuntimeException e) {
      events.problem("the worker could not sign off: " + e.getMessage(), null);
    }
  }
}
