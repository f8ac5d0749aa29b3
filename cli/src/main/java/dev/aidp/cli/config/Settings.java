package dev.aidp.cli.config;

import dev.aidp.core.job.Permissions;
import dev.aidp.core.price.TokenPrices;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a configuration file says, or several of them together; null where it says nothing.
///
/// @param workspace the name that identifies the workspace
/// @param timeout wall clock of one execution
/// @param stallTimeout of an agent without output
/// @param workerCount slots of a worker process
/// @param fallback providers to go to, in order
/// @param retention how long ended jobs are kept
/// @param databaseUrl of `database.url`
/// @param environment added to that of jobs
public record Settings(
    @Nullable String workspace,
    @Nullable String provider,
    @Nullable String model,
    @Nullable Permissions permissions,
    @Nullable Duration timeout,
    @Nullable Duration stallTimeout,
    @Nullable Integer maxAttempts,
    @Nullable Integer workerCount,
    List<String> fallback,
    Budget budget,
    Workflow workflow,
    @Nullable Duration retention,
    @Nullable String databaseUrl,
    Map<String, String> environment,
    Map<String, ProviderSettings> providers) {

  /// A file that says nothing.
  public static final Settings NONE =
      new Settings(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          List.of(),
          Budget.NONE,
          Workflow.NONE,
          null,
          null,
          Map.of(),
          Map.of());

  public Settings {
    fallback = List.copyOf(fallback);
    environment = Map.copyOf(environment);
    providers = Map.copyOf(providers);
  }

  /// Limits in US dollars.
  public record Budget(
      @Nullable BigDecimal perJobUsd,
      @Nullable BigDecimal perRunUsd,
      @Nullable BigDecimal perDayUsd) {
    static final Budget NONE = new Budget(null, null, null);

    Budget over(Budget other) {
      return new Budget(
          or(perJobUsd, other.perJobUsd),
          or(perRunUsd, other.perRunUsd),
          or(perDayUsd, other.perDayUsd));
    }
  }

  /// How the shipped workflows are changed. A step is named by its id, or as `analyze/STEP`.
  ///
  /// @param steps those that are used, in order; empty: all
  /// @param templates files by step, relative to the directory of the configuration file
  /// @param outputs files that a step writes, by step, relative to the workspace
  /// @param approvals steps after which one is asked for; null: as shipped
  public record Workflow(
      List<Placed> steps,
      Map<String, Placed> templates,
      Map<String, List<Placed>> outputs,
      @Nullable List<Placed> approvals) {
    static final Workflow NONE = new Workflow(List.of(), Map.of(), Map.of(), null);

    public Workflow {
      steps = List.copyOf(steps);
      templates = Map.copyOf(templates);
      outputs = Map.copyOf(outputs);
      approvals = approvals == null ? null : List.copyOf(approvals);
    }

    Workflow over(Workflow other) {
      return new Workflow(
          steps.isEmpty() ? other.steps : steps,
          merged(other.templates, templates),
          merged(other.outputs, outputs),
          or(approvals, other.approvals));
    }
  }

  /// How one provider is called.
  ///
  /// @param command the binary with leading arguments; empty: its default
  /// @param dialect the agent CLI that it behaves like
  /// @param args appended to every call
  /// @param prices by model, or by the beginning of its name and a `*`
  public record ProviderSettings(
      List<String> command,
      @Nullable String dialect,
      @Nullable String model,
      List<String> args,
      @Nullable Duration timeout,
      Map<String, TokenPrices> prices) {
    public ProviderSettings {
      command = List.copyOf(command);
      args = List.copyOf(args);
      prices = Map.copyOf(prices);
    }
  }

  /// This one's word, and where it has none that of the other.
  Settings over(Settings other) {
    return new Settings(
        or(workspace, other.workspace),
        or(provider, other.provider),
        or(model, other.model),
        or(permissions, other.permissions),
        or(timeout, other.timeout),
        or(stallTimeout, other.stallTimeout),
        or(maxAttempts, other.maxAttempts),
        or(workerCount, other.workerCount),
        fallback.isEmpty() ? other.fallback : fallback,
        budget.over(other.budget),
        workflow.over(other.workflow),
        or(retention, other.retention),
        or(databaseUrl, other.databaseUrl),
        merged(other.environment, environment),
        merged(other.providers, providers));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  private static <V> Map<String, V> merged(Map<String, V> below, Map<String, V> above) {
    if (below.isEmpty()) {
      return above;
    }
    Map<String, V> merged = new java.util.HashMap<>(below);
    merged.putAll(above);
    return merged;
  }
}
