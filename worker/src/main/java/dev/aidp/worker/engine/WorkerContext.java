package dev.aidp.worker.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.aidp.core.job.LogCategory;
import dev.aidp.core.job.LogLevel;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.outcome.Transition;
import dev.aidp.core.secret.SecretMask;
import dev.aidp.db.connect.Connections;
import dev.aidp.db.queue.ClaimedJob;
import dev.aidp.db.queue.RegisterWorker;
import dev.aidp.worker.node.NodeRunner;
import dev.aidp.worker.process.ProcessSupervisor;
import dev.aidp.worker.provider.Provider;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// What the parts of one worker share. Thread-safe.
final class WorkerContext {
  private final WorkerOptions options;
  private final Connections connections;
  private final HikariDataSource pool;
  private final CountDownLatch stopping;
  private final String databaseId;
  private final WorkerEvents events;
  private final ProcessSupervisor supervisor;
  private final ScheduledExecutorService scheduler;
  private final RunningExecutions running = new RunningExecutions();
  private final Map<String, Provider> providers = new LinkedHashMap<>();
  private final Workspaces workspaces;
  private final SecretMasks secrets;
  private volatile RegisterWorker.Registered registered;

  WorkerContext(
      WorkerOptions options,
      Connections connections,
      WorkerResources resources,
      String databaseId,
      WorkerEvents events,
      RegisterWorker.Registered registered) {
    this.options = options;
    this.connections = connections;
    this.pool = resources.pool();
    this.stopping = resources.stopping();
    this.supervisor = resources.supervisor();
    this.scheduler = resources.scheduler();
    this.databaseId = databaseId;
    this.events = events;
    this.registered = registered;
    this.workspaces = new Workspaces(options.home());
    this.secrets = new SecretMasks(options.environment());
    options.providers().forEach(provider -> providers.put(provider.name(), provider));
  }

  /// What a worker opens at its start and closes at its end.
  record WorkerResources(
      HikariDataSource pool,
      CountDownLatch stopping,
      ProcessSupervisor supervisor,
      ScheduledExecutorService scheduler) {}

  WorkerOptions options() {
    return options;
  }

  Connections connections() {
    return connections;
  }

  CountDownLatch stopping() {
    return stopping;
  }

  String databaseId() {
    return databaseId;
  }

  ProcessSupervisor supervisor() {
    return supervisor;
  }

  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  RunningExecutions running() {
    return running;
  }

  Workspaces workspaces() {
    return workspaces;
  }

  /// What it claims: the jobs of its providers, and the nodes that need none.
  static Set<String> providerNames(WorkerOptions options) {
    Set<String> names = new LinkedHashSet<>();
    options.providers().forEach(provider -> names.add(provider.name()));
    names.addAll(NodeRunner.PROVIDERS);
    return names;
  }

  Set<String> providerNames() {
    return providerNames(options);
  }

  /// @param stored as `jobs.provider` has it
  @Nullable Provider provider(String stored) {
    ProviderRef reference = ProviderRef.of(stored);
    Provider provider = providers.get(reference.served());
    return provider == null ? null : provider.as(reference);
  }

  RegisterWorker.Registered registered() {
    return registered;
  }

  void reincarnated(RegisterWorker.Registered anew) {
    registered = anew;
  }

  /// A connection from the pool, for a moment. The caller closes it.
  DatabaseLoop borrowConnection() {
    return new DatabaseLoop(pool::getConnection, stopping);
  }

  /// The environment of the shell that queued the job, or the worker's own, which the log then
  /// says.
  Map<String, String> environmentOf(ClaimedJob job, ExecutionLog log) {
    String id = job.options().environmentId();
    Optional<Map<String, String>> kept =
        id == null ? Optional.empty() : options.keptEnvironments().apply(id);
    if (kept.isEmpty()) {
      log.log(
          LogLevel.INFO,
          LogCategory.SYSTEM,
          "runs with the environment of the worker: that of the shell that queued it is not here",
          Map.of());
    }
    return kept.orElse(options.environment());
  }

  /// What to mask in what a job with this environment produces: its secrets, and the worker's own.
  SecretMask secretsOf(Map<String, String> environment) {
    return secrets.of(environment);
  }

  void ended(ClaimedJob job, Transition transition, Completer.Result result) {
    if (result == Completer.Result.REFUSED) {
      lost(job);
      return;
    }
    events.ended(job, transition);
  }

  void lost(ClaimedJob job) {
    events.lost(job);
  }

  void report(String what, @Nullable Throwable failure) {
    events.problem(what, failure);
  }

  void reportDatabase(String doing, Exception e) {
    events.problem("the database failed while " + doing + ": " + e.getMessage(), e);
  }
}
