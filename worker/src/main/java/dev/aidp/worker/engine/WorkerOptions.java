package dev.aidp.worker.engine;

import dev.aidp.worker.host.HostIdentity;
import dev.aidp.worker.price.SpendingRules;
import dev.aidp.worker.provider.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a worker works.
///
/// @param home `AIDP_HOME`
/// @param slots jobs at once, from 1
/// @param providers what it can run
/// @param environment its own, for jobs whose queueing shell's environment is not at hand
/// @param keptEnvironments the environment that a queueing shell had, by its id
/// @param spendingRules what the configuration says about money in a directory where a job works
/// @param drain end when nothing is runnable
/// @param idleExit end after so long without anything to do; null: never
/// @param background started by a command; its slots can be raised
/// @param soleOwner whether nobody else can claim while the database is away (the embedded server):
///   children then run on through an outage
/// @param timing intervals; [Timing#STANDARD] outside tests
/// @param version of the program
public record WorkerOptions(
    Path home,
    HostIdentity host,
    int slots,
    List<Provider> providers,
    Map<String, String> environment,
    Function<String, Optional<Map<String, String>>> keptEnvironments,
    Function<Path, SpendingRules> spendingRules,
    boolean drain,
    @Nullable Duration idleExit,
    boolean background,
    boolean soleOwner,
    Timing timing,
    String version) {

  public WorkerOptions {
    if (slots < 1) {
      throw new IllegalArgumentException("slots start at 1");
    }
    providers = List.copyOf(providers);
    environment = Map.copyOf(environment);
  }

  /// The intervals of a worker.
  ///
  /// @param heartbeat between two heartbeats
  /// @param leaseLimit silence after which a worker is declared dead
  /// @param poll longest time without a look at the queue
  /// @param reap between two looks at the other workers
  /// @param stopGrace between TERM and KILL of a stopped job
  public record Timing(
      Duration heartbeat, Duration leaseLimit, Duration poll, Duration reap, Duration stopGrace) {
    public static final Timing STANDARD =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5));

    /// The last moment, after a heartbeat was sent that was answered, at which children may still
    /// run on a database that others can reach.
    Duration killBefore() {
      return leaseLimit.minus(heartbeat);
    }
  }
}
