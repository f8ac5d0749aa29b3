package dev.aidp.cli.command;

import dev.aidp.cli.job.WorkerLock;
import dev.aidp.cli.session.Session;
import dev.aidp.core.error.AidpException;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.FindTakeable;
import dev.aidp.db.read.FindNeededEnvironments;
import dev.aidp.worker.artifacts.ArtifactsFollower;
import dev.aidp.worker.artifacts.RunArtifacts;
import dev.aidp.worker.engine.Worker;
import dev.aidp.worker.engine.WorkerOptions;
import dev.aidp.worker.environment.JobEnvironments;
import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.housekeeping.Housekeeping;
import dev.aidp.worker.node.NodeRunner;
import dev.aidp.worker.provider.Provider;
import dev.aidp.worker.provider.Providers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs a worker in this process until it ends by itself or by a signal.
final class WorkerRun {
  private final Session session;
  private final JobEnvironments environments;
  private final int slots;
  private final boolean drain;
  private final @Nullable Duration idleExit;
  private final Duration grace;
  private final boolean background;
  private boolean signalled;

  WorkerRun(
      Session session,
      int slots,
      boolean drain,
      @Nullable Duration idleExit,
      Duration grace,
      boolean background) {
    this.session = session;
    this.slots = slots;
    this.drain = drain;
    this.idleExit = idleExit;
    this.grace = grace;
    this.background = background;
    this.environments =
        new JobEnvironments(
            session.directories().home(), session.database().id(), Clock.systemUTC());
  }

  /// @return the exit code
  int call() throws InterruptedException {
    return once(() -> {}, () -> {});
  }

  /// As [#call], giving the lock up as soon as it claims no more. What was queued while it signed
  /// off, when nobody could see yet that it would, is taken up again.
  int inBackground(WorkerLock lock) throws InterruptedException {
    while (true) {
      int exitCode = once(lock::startEnded, lock::close);
      if (signalled || !takeable() || !lock.acquire(Duration.ZERO)) {
        return exitCode;
      }
    }
  }

  private int once(Runnable started, Runnable draining) throws InterruptedException {
    Connections connections = session.database().connections();
    WorkerNarrator narrator = new WorkerNarrator(session, started);
    Duration retention = session.configuration().settings().retention();
    try (ArtifactsFollower artifacts =
            new ArtifactsFollower(
                connections, new RunArtifacts(session.hostLabel()), narrator::warn);
        Housekeeping housekeeping =
            new Housekeeping(connections, environments, retention, narrator::warn)) {
      artifacts.start();
      housekeeping.start();
      Worker worker =
          new Worker(options(), connections, narrator.beside(artifacts), Clock.systemUTC());
      Runnable stopping =
          () -> {
            draining.run();
            narrator.stopping(grace);
          };
      try (StopSignals signals = new StopSignals(worker, stopping, narrator::interrupting);
          worker) {
        worker.start();
        worker.run(grace);
        pruneEnvironments();
        signalled = signals.any();
        return signals.exitCode();
      }
    }
  }

  private WorkerOptions options() {
    Map<String, String> environment = new HashMap<>(session.environment());
    environment.remove("AIDP_EXECUTION");
    return new WorkerOptions(
        session.directories().home(),
        HostIdentity.current(session.directories().home(), session.environment()),
        slots,
        providers(),
        environment,
        this::keptEnvironment,
        new ConfiguredSpending(session.directories().config()),
        drain,
        idleExit,
        background,
        session.database().embedded(),
        WorkerOptions.Timing.STANDARD,
        Version.number());
  }

  private static List<Provider> providers() {
    return Providers.all().list();
  }

  private Optional<Map<String, String>> keptEnvironment(String id) {
    try {
      return environments.load(id);
    } catch (IOException e) {
      session.console().warn("the environment of a job can't be read: " + e);
      return Optional.empty();
    }
  }

  private boolean takeable() {
    return session
        .database()
        .call(connection ->
            FindTakeable.any(
                connection,
                session.hostLabel(),
                Stream.concat(
                        providers().stream().map(Provider::name), NodeRunner.PROVIDERS.stream())
                    .toList()));
  }

  /// What is kept may hold secrets: it goes when no job needs it any more.
  private void pruneEnvironments() {
    try {
      environments.prune(session.database().call(FindNeededEnvironments::ids));
    } catch (IOException | AidpException e) {
      session.console().debug("kept environments stay: " + e);
    }
  }
}
