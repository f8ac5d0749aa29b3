package dev.aidp.cli.job;

import dev.aidp.cli.config.Settings;
import dev.aidp.cli.config.Settings.ProviderSettings;
import dev.aidp.cli.session.Session;
import dev.aidp.core.job.AgentOptions;
import dev.aidp.core.job.Alternative;
import dev.aidp.core.job.Budget;
import dev.aidp.core.job.Budgets;
import dev.aidp.core.job.JobSpec;
import dev.aidp.core.job.Permissions;
import dev.aidp.core.job.ProviderKind;
import dev.aidp.core.job.ProviderRef;
import dev.aidp.core.secret.SecretMask;
import dev.aidp.worker.provider.Providers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a command wants to have done, before options and configuration have their say.
///
/// @param provider the provider that is fixed; null: the options and the configuration decide
/// @param argv for a command that is run without a shell; else empty
/// @param outputs files that it shall write, relative to the workspace
/// @param key idempotency key of the command itself; null: that of the options
public record JobRequest(
    String name,
    @Nullable String node,
    @Nullable String provider,
    String prompt,
    List<String> argv,
    List<String> outputs,
    @Nullable String key,
    List<Long> needs,
    Map<String, Object> metadata) {

  public JobRequest {
    argv = List.copyOf(argv);
    outputs = List.copyOf(outputs);
    needs = List.copyOf(needs);
    metadata = Map.copyOf(metadata);
  }

  /// A job that depends on nothing and belongs to nothing.
  public static JobRequest single(@Nullable String provider, String prompt, List<String> argv) {
    return new JobRequest(
        Names.ofText(prompt), null, provider, prompt, argv, List.of(), null, List.of(), Map.of());
  }

  /// Flags, then environment, then configuration, then defaults.
  public JobSpec toSpec(Session session, QueueOptions options, Workspace workspace) {
    Settings settings = workspace.configuration().settings();
    String stored = provider;
    if (stored == null) {
      stored = ProviderChoice.choose(options.provider, session, settings);
    }
    String name = ProviderRef.of(stored).name();
    ProviderSettings own = settings.providers().get(name);
    ProviderKind kind = ProviderKind.of(stored);
    String model = kind == ProviderKind.AGENT ? model(options, settings, own, name) : null;
    AgentOptions agent = kind == ProviderKind.AGENT ? options.agent() : AgentOptions.NONE;
    Providers.refusal(stored, model, agent)
        .ifPresent(reason -> {
          throw new Usage(reason, "Leave it out, or choose another provider");
        });
    SecretMask secrets = SecretMask.of(KeptEnvironment.of(session, settings));
    String shownPrompt = secrets.mask(prompt);
    return new JobSpec(
        secrets.mask(this.name),
        node,
        null,
        new JobSpec.Work(
            stored,
            model,
            prompt,
            argv,
            first(options.permissions, settings.permissions(), Permissions.EDIT),
            outputs,
            KeptEnvironment.keep(session, settings),
            shownPrompt.equals(prompt) ? null : shownPrompt,
            kind == ProviderKind.AGENT ? fallback(session, options, settings, stored) : List.of(),
            agent),
        new JobSpec.Place(
            workspace.directory(),
            workspace.identity(),
            options.anyHost ? null : session.hostLabel(),
            options.isolation(),
            EnclosingExecutions.of(session)),
        limits(session, options, settings, own, name),
        options.schedule(),
        key == null ? options.key : key,
        needs,
        metadata);
  }

  /// Those that are configured and there, and at last the provider itself: where another one is at
  /// its limit too, that of the first may have ended.
  private static List<Alternative> fallback(
      Session session, QueueOptions options, Settings settings, String provider) {
    List<Alternative> alternatives = new ArrayList<>();
    for (String other : ProviderChoice.fallback(session, settings)) {
      ProviderSettings own = settings.providers().get(ProviderRef.of(other).name());
      if (!other.equals(provider)) {
        alternatives.add(new Alternative(other, own == null ? null : own.model()));
      }
    }
    if (!alternatives.isEmpty()) {
      String name = ProviderRef.of(provider).name();
      ProviderSettings own = settings.providers().get(name);
      alternatives.add(new Alternative(provider, model(options, settings, own, name)));
    }
    return alternatives;
  }

  private static @Nullable String model(
      QueueOptions options, Settings settings, @Nullable ProviderSettings own, String provider) {
    if (options.model != null) {
      return options.model;
    }
    if (own != null && own.model() != null) {
      return own.model();
    }
    // A model belongs to the provider that was configured beside it.
    String configured = settings.provider();
    return configured == null || configured.equals(provider) ? settings.model() : null;
  }

  private static JobSpec.Limits limits(
      Session session,
      QueueOptions options,
      Settings settings,
      @Nullable ProviderSettings own,
      String provider) {
    ProviderKind kind = ProviderKind.of(provider);
    boolean agent = kind == ProviderKind.AGENT;
    Duration timeout = options.timeout;
    if (timeout == null) {
      timeout = session.variables().providerTimeout(provider);
    }
    if (timeout == null && own != null) {
      timeout = own.timeout();
    }
    if (timeout == null) {
      timeout = settings.timeout();
    }
    // A command is only repeated where somebody asked for it on the command line.
    Integer configured = agent ? settings.maxAttempts() : null;
    return new JobSpec.Limits(
        first(options.maxAttempts, configured, kind.defaultMaxAttempts()),
        options.maxCrashes == null ? 3 : options.maxCrashes,
        timeout == null ? kind.defaultTimeout() : timeout,
        agent && settings.stallTimeout() != null
            ? settings.stallTimeout()
            : kind.defaultStallTimeout(),
        !options.noRerun,
        budgets(options, settings.budget()));
  }

  /// What was said goes before the configuration, for the run as a whole; a single job is its run.
  private static Budgets budgets(QueueOptions options, Settings.Budget configured) {
    BigDecimal said = options.maxCost;
    return new Budgets(
        new Budget(said == null ? configured.perJobUsd() : said, options.maxTokens),
        new Budget(said == null ? configured.perRunUsd() : said, options.maxTokens));
  }

  private static <T> T first(@Nullable T flag, @Nullable T configured, T fallback) {
    return flag != null ? flag : configured != null ? configured : fallback;
  }
}
