package dev.aidp.core.job;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is queued: one job.
///
/// @param needs ids of jobs that must have completed first
/// @param metadata JSON-ready values, shown to users and never read by the worker
public record JobSpec(
    String name,
    @Nullable String node,
    @Nullable UUID runId,
    Work work,
    Place place,
    Limits limits,
    Schedule schedule,
    @Nullable String key,
    List<Long> needs,
    Map<String, Object> metadata) {

  public JobSpec {
    needs = List.copyOf(needs);
    metadata = Map.copyOf(metadata);
  }

  /// What shall be done.
  ///
  /// @param prompt the agent's prompt, or the command line for display
  /// @param argv for a command that is run as given, without a shell; empty: the prompt is run by
  ///   bash
  /// @param outputs files that a workflow step names, relative to the workspace
  /// @param environmentId names the kept environment of the shell that queued it; null: the
  ///   worker's own
  /// @param shownPrompt the prompt with its secrets masked; null: it has none
  /// @param fallback who does it while the provider is at its usage limit, the best first; empty:
  ///   it waits
  /// @param agent what an agent's command line gets beside
  public record Work(
      String provider,
      @Nullable String model,
      String prompt,
      List<String> argv,
      Permissions permissions,
      List<String> outputs,
      @Nullable String environmentId,
      @Nullable String shownPrompt,
      List<Alternative> fallback,
      AgentOptions agent) {
    public Work {
      if (provider.isEmpty() || prompt.isEmpty()) {
        throw new IllegalArgumentException("a job needs a provider and a prompt");
      }
      argv = List.copyOf(argv);
      outputs = List.copyOf(outputs);
      fallback = List.copyOf(fallback);
    }

    /// With a prompt that may be shown as it is, without a fallback and without options for an
    /// agent.
    public Work(
        String provider,
        @Nullable String model,
        String prompt,
        List<String> argv,
        Permissions permissions,
        List<String> outputs,
        @Nullable String environmentId) {
      this(
          provider,
          model,
          prompt,
          argv,
          permissions,
          outputs,
          environmentId,
          null,
          List.of(),
          AgentOptions.NONE);
    }
  }

  /// Where it is done.
  ///
  /// @param workspace absolute directory; null: a scratch directory of the worker
  /// @param identity what progress and idempotency keys belong to
  /// @param host host label whose workers may take it; null: any
  /// @param isolation from other jobs of the workspace
  /// @param within ids of the executions out of which it is queued, the outermost first: they are
  ///   in the workspace already, and may wait for it
  public record Place(
      @Nullable Path workspace,
      String identity,
      @Nullable String host,
      Isolation isolation,
      List<Long> within) {
    public Place {
      within = List.copyOf(within);
    }

    /// With others in the workspace, and queued out of no job.
    public Place(@Nullable Path workspace, String identity, @Nullable String host) {
      this(workspace, identity, host, Isolation.NONE, List.of());
    }
  }

  /// How a job is kept apart from the others of its workspace.
  public enum Isolation {
    NONE,
    /// No other job runs in the workspace meanwhile.
    EXCLUSIVE,
    /// It works in a git worktree of its own, made of the workspace.
    WORKTREE
  }

  /// When to give up.
  ///
  /// @param timeout wall clock of one execution; null: none
  /// @param stallTimeout without output; null: none
  /// @param rerun whether a command is run again after its worker was lost
  /// @param budgets what may be spent
  public record Limits(
      int maxAttempts,
      int maxCrashes,
      @Nullable Duration timeout,
      @Nullable Duration stallTimeout,
      boolean rerun,
      Budgets budgets) {
    public Limits {
      if (maxAttempts < 1 || maxCrashes < 1) {
        throw new IllegalArgumentException("limits start at 1");
      }
    }

    /// Without a budget.
    public Limits(
        int maxAttempts,
        int maxCrashes,
        @Nullable Duration timeout,
        @Nullable Duration stallTimeout,
        boolean rerun) {
      this(maxAttempts, maxCrashes, timeout, stallTimeout, rerun, Budgets.NONE);
    }
  }

  /// When to begin: at a time, or after a delay by the database's clock, or at once.
  public record Schedule(int priority, @Nullable Duration delay, @Nullable Instant at) {
    public Schedule {
      if (priority < -100 || priority > 100) {
        throw new IllegalArgumentException("priority is from -100 to 100");
      }
      if (delay != null && at != null) {
        throw new IllegalArgumentException("a delay or a time, not both");
      }
    }
  }
}
