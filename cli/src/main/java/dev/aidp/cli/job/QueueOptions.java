package dev.aidp.cli.job;

import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that every command which queues has.
public final class QueueOptions {
  @Option(names = "--provider", paramLabel = "NAME", description = "Who does the work")
  @Nullable String provider;

  @Option(names = "--model", paramLabel = "NAME", description = "The provider's model")
  @Nullable String model;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "Higher runs first, from -100 to 100 (default 0)")
  @Nullable Integer priority;

  @Option(names = "--delay", paramLabel = "D", description = "Start not before this has passed")
  @Nullable Duration delay;

  @Option(
      names = "--at",
      paramLabel = "T",
      description = "Start not before this time, as in 2026-01-31T18:00:00Z")
  @Nullable Instant at;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      description = "Wall-clock limit of one attempt (agents 4h, commands none)")
  @Nullable Duration timeout;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      description = "Attempts until it has failed (agents 3, commands 1)")
  @Nullable Integer maxAttempts;

  @Option(
      names = "--max-crashes",
      paramLabel = "N",
      description = "Lost workers until it is given up (default 3)")
  @Nullable Integer maxCrashes;

  @Option(
      names = "--max-cost",
      paramLabel = "USD",
      description = "Stop when it has cost so much, all attempts together")
  @Nullable BigDecimal maxCost;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Stop when it has used so many tokens, all attempts together")
  @Nullable Long maxTokens;

  @Option(
      names = "--permissions",
      paramLabel = "read|edit|all",
      description = "What an agent may do without asking (default edit)")
  @Nullable Permissions permissions;

  @Option(
      names = "--allowed-tools",
      paramLabel = "TOOLS",
      description = "Tools that an agent may use without asking, in its own words; may be repeated")
  List<String> allowedTools = List.of();

  @Option(
      names = "--max-turns",
      paramLabel = "N",
      description = "Answers of the model after which an agent is stopped")
  @Nullable Integer maxTurns;

  @Option(
      names = "--agent-arg",
      paramLabel = "ARG",
      description = "An argument that the agent's program gets as it is; may be repeated")
  List<String> agentArguments = List.of();

  @Option(names = "--no-rerun", description = "A command is not run again after a lost worker")
  boolean noRerun;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Queue nothing if a job of this workspace has this key; print that one's id")
  @Nullable String key;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Where the job works (default: here)")
  @Nullable String workspace;

  @Option(names = "--exclusive", description = "No other job runs in the workspace meanwhile")
  boolean exclusive;

  @Option(
      names = "--worktree",
      description = "Work in a git worktree and branch of its own, kept if it holds changes")
  boolean worktree;

  @Option(names = "--any-host", description = "Workers of every host may take it")
  boolean anyHost;

  @Option(names = "--no-worker", description = "Start no background worker")
  boolean noWorker;

  @Option(names = "--wait", description = "Wait until it has ended, and show what it does")
  boolean wait;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  /// Options as if none was given.
  public QueueOptions() {}

  public boolean waits() {
    return wait;
  }

  public boolean json() {
    return json;
  }

  public @Nullable String workspace() {
    return workspace;
  }

  /// The same, for another workspace.
  ///
  /// @return this
  public QueueOptions in(String directory) {
    workspace = directory;
    return this;
  }

  public boolean noWorker() {
    return noWorker;
  }

  public @Nullable String provider() {
    return provider;
  }

  public @Nullable String key() {
    return key;
  }

  /// @throws Usage if a value is out of its range, or two contradict each other
  public void check() {
    require(
        priority == null || Math.abs(priority) <= 100, "--priority", "a number from -100 to 100");
    require(maxAttempts == null || maxAttempts >= 1, "--max-attempts", "a number from 1");
    require(maxCrashes == null || maxCrashes >= 1, "--max-crashes", "a number from 1");
    require(maxTurns == null || maxTurns >= 1, "--max-turns", "a number from 1");
    require(maxCost == null || maxCost.signum() > 0, "--max-cost", "US dollars, like 2.50");
    require(maxTokens == null || maxTokens > 0, "--max-tokens", "a number from 1");
    require(timeout == null || timeout.isPositive(), "--timeout", "a duration above zero");
    require(isSchedulable(timeout), "--timeout", "a duration up to 3650d");
    require(isSchedulable(delay), "--delay", "a duration up to 3650d");
    require(
        at == null || at.isBefore(Instant.parse("9999-12-31T00:00:00Z")),
        "--at",
        "a time before the year 9999");
    require(
        key == null || (!key.isBlank() && key.length() <= 500), "--key", "up to 500 characters");
    if (delay != null && at != null) {
      throw new Usage("--delay and --at contradict each other", "Give one of them");
    }
  }

  private static boolean isSchedulable(@Nullable Duration duration) {
    return duration == null || duration.compareTo(Duration.ofDays(3650)) <= 0;
  }

  private static void require(boolean holds, String option, String allowed) {
    if (!holds) {
      throw new Usage("the value of " + option + " is out of range", "Give " + allowed);
    }
  }

  AgentOptions agent() {
    return new AgentOptions(allowedTools, maxTurns, agentArguments);
  }

  /// In a worktree of its own a job is alone anyway.
  JobSpec.Isolation isolation() {
    if (worktree) {
      return JobSpec.Isolation.WORKTREE;
    }
    return exclusive ? JobSpec.Isolation.EXCLUSIVE : JobSpec.Isolation.NONE;
  }

  JobSpec.Schedule schedule() {
    return new JobSpec.Schedule(priority == null ? 0 : priority, delay, at);
  }
}
